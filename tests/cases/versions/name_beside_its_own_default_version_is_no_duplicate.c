//@ ref: none
//@ shared: libv.so v.o -Wl,--version-script=map
//@ args: libv.so
//@ expect libv.so: dynsym f@@V1 DEF
//@ out: 1
#include <stdio.h>
int f(void);
int main(void) {
    printf("%d\n", f());
    return 0;
}
//@ file: v.c -fPIC
__asm__(".symver f, f@@V1");
int f(void) { return 1; }
//@ file: map
V1 { };
