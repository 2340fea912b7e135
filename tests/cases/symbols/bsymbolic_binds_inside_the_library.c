//@ variant: all -Wl,-Bsymbolic
//@ shared: libd.so d.o -Wl,-Bsymbolic
//@ link: bsymbolic_binds_inside_the_library.o libd.so
//@ expect libd.so: dynamic FLAGS 2
//@ out: 1 2 10
#include <stdio.h>
int f(void) { return 2; }
int call(void), data(void);
int value = 20;
int main(void) {
    printf("%d %d %d\n", call(), f(), data());
    return 0;
}
//@ file: d.c -fPIC -fsemantic-interposition
int value = 10;
int f(void) { return 1; }
int call(void) { return f(); }
int data(void) { return value; }
