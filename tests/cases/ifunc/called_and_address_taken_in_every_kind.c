//@ variant: pie -pie | -fPIE
//@ variant: no-pie -no-pie | -fno-pie
//@ variant: static -static | -fno-pie
//@ variant: static-pie -static-pie | -fPIE
//@ compilers: gcc
//@ ref: none
//@ out: 42 same same
#include <stdio.h>
static int real(void) { return 42; }
static int (*resolve(void))(void) { return real; }
int f(void) __attribute__((ifunc("resolve")));
typedef int (*F)(void);
F other(void);
F stored = f;
int main(void) {
    printf("%d %s %s\n", f(), other() == f ? "same" : "different", stored == other() ? "same" : "different");
    return 0;
}
//@ file: b.c
int f(void);
typedef int (*F)(void);
F other(void) { return f; }
