//@ shared: libp.so p.o
//@ link: protected_function_is_exported_but_not_interposed.o libp.so
//@ expect libp.so: dynsym f PROTECTED DEF
//@ out: 1 2
#include <stdio.h>
int f(void) { return 2; }
int call(void);
int main(void) {
    printf("%d %d\n", call(), f());
    return 0;
}
//@ file: p.c -fPIC
__attribute__((visibility("protected"))) int f(void) { return 1; }
int call(void) { return f(); }
