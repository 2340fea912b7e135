//@ shared: libh.so h.o
//@ args: libh.so
//@ expect libh.so: no dynsym maybe
//@ out: 0
#include <stdio.h>
int f(void);
int main(void) {
    printf("%d\n", f());
    return 0;
}
//@ file: h.c -fPIC
extern int maybe(void) __attribute__((weak, visibility("hidden")));
int f(void) { return maybe ? maybe() : 0; }
