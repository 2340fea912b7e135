//@ shared: libl.so l.o
//@ link: program_exports_what_a_library_references.o libl.so
//@ expect: dynsym callback DEF
//@ expect: no dynsym other
//@ out: 11
#include <stdio.h>
int callback(void) { return 11; }
int other(void) { return 12; }
int call(void);
int main(void) {
    printf("%d\n", call());
    return 0;
}
//@ file: l.c -fPIC
int callback(void);
int call(void) { return callback(); }
