//@ ar: liba.a a.o a2.o
//@ ar: libb.a b.o
//@ args: -Wl,--start-group liba.a libb.a -Wl,--end-group
//@ out: 3
#include <stdio.h>
int a(void);
int main(void) {
    printf("%d\n", a());
    return 0;
}
//@ file: a.c
int b(void);
int a(void) { return 1 + b(); }
//@ file: b.c
int a2(void);
int b(void) { return 1 + a2(); }
//@ file: a2.c
int a2(void) { return 1; }
