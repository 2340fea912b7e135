//@ shared: libh.so a.o b.o
//@ link: hidden_symbol_is_shared_inside_and_invisible_outside.o libh.so
//@ expect libh.so: no dynsym inner
//@ expect libh.so: dynsym outer DEF
//@ out: 5
#include <stdio.h>
int outer(void);
int main(void) {
    printf("%d\n", outer());
    return 0;
}
//@ file: a.c -fPIC
__attribute__((visibility("hidden"))) int inner(void);
int outer(void) { return inner(); }
//@ file: b.c -fPIC
int inner(void) { return 5; }
