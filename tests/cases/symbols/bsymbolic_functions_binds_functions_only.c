//@ shared: libd.so d.o -Wl,-Bsymbolic-functions
//@ link: bsymbolic_functions_binds_functions_only.o libd.so
//@ out: 1 2 20
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
