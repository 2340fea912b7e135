//@ args: -Wl,-E,--version-script=map
//@ expect: dynsym api@@PROG_1 DEF
int api(void) { return 0; }
int main(void) { return 0; }
//@ file: map
PROG_1 { global: api; };
