//@ ar: liba.a a.o
//@ ar: libb.a b.o
//@ args: liba.a libb.a
//@ out: 1
#include <stdio.h>
int f(void);
int main(void) {
    printf("%d\n", f());
    return 0;
}
//@ file: a.c
int f(void) { return 1; }
//@ file: b.c
int f(void) { return 2; }
