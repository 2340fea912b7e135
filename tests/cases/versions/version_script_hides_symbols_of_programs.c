//@ args: -Wl,-E,--version-script=map
//@ expect: dynsym shown DEF
//@ expect: no dynsym covered
int shown(void) { return 0; }
int covered(void) { return 0; }
int main(void) { return 0; }
//@ file: map
{ global: shown; local: *; };
