//@ variant: no-pie -no-pie | -fno-pie
//@ variant: pie -pie | -fPIE
//@ shared: libf.so f.o
//@ args: libf.so
//@ allow: relocs=R_X86_64_64
//@ out: same same
#include <stdio.h>
int f(void);
typedef int (*F)(void);
F address(void), stored(void);
F mine = f;
int main(void) {
    printf("%s %s\n", address() == f ? "same" : "different", mine == stored() ? "same" : "different");
    return f() - 4;
}
//@ file: f.c -fPIC
typedef int (*F)(void);
int f(void) { return 4; }
static F store = f;
F address(void) { return f; }
F stored(void) { return store; }
