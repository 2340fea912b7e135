//@ args: -Wl,--unresolved-symbols=ignore-all
//@ no-run:
//@ allow: dynsym relocs symtab* dynsym-symbol
int nowhere(void);
int main(int c, char **v) { return c > 5 ? nowhere() : 0; }
