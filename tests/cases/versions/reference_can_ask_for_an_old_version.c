//@ shared: libv.so v.o -Wl,--version-script=map
//@ args: libv.so
//@ expect: verneed V1 of libv.so
//@ expect: dynsym f@V1 UND
//@ out: 1
#include <stdio.h>
int f(void);
__asm__(".symver f, f@V1");
int main(void) {
    printf("%d\n", f());
    return 0;
}
//@ file: v.c -fPIC
__asm__(".symver old_f, f@V1");
__asm__(".symver new_f, f@@V2");
int old_f(void) { return 1; }
int new_f(void) { return 2; }
//@ file: map
V1 { local: *_f; };
V2 { } V1;
