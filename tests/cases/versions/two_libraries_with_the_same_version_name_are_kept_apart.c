//@ shared: liba.so a.o -Wl,--version-script=map
//@ shared: libb.so b.o -Wl,--version-script=map
//@ args: liba.so libb.so
//@ expect: verneed V1 of liba.so
//@ expect: verneed V1 of libb.so
//@ out: 12
#include <stdio.h>
int a(void), b(void);
int main(void) {
    printf("%d%d\n", a(), b());
    return 0;
}
//@ file: a.c -fPIC
int a(void) { return 1; }
//@ file: b.c -fPIC
int b(void) { return 2; }
//@ file: map
V1 { global: a; b; local: *; };
