//@ shared: libi.so i.o
//@ args: libi.so
//@ expect libi.so: dynsym f IFUNC DEF
//@ out: 42 43
#include <stdio.h>
int f(void), g(void);
int main(void) {
    printf("%d %d\n", f(), g());
    return 0;
}
//@ file: i.c -fPIC
static int real(void) { return 42; }
static int (*resolve(void))(void) { return real; }
int f(void) __attribute__((ifunc("resolve")));
static int local(void) __attribute__((ifunc("resolve")));
int g(void) { return local() + 1; }
