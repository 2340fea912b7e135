//@ shared: libd.so d.o
//@ link: default_function_is_interposed_by_the_program.o libd.so
//@ expect: dynsym f DEF
//@ out: 2 2
#include <stdio.h>
int f(void) { return 2; }
int call(void);
int main(void) {
    printf("%d %d\n", call(), f());
    return 0;
}
//@ file: d.c -fPIC -fsemantic-interposition
int f(void) { return 1; }
int call(void) { return f(); }
