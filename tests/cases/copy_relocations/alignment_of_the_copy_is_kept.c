//@ args: -no-pie
//@ cflags: -fno-pie
//@ shared: libd.so d.o
//@ args: libd.so
//@ out: aligned
#include <stdint.h>
#include <stdio.h>
extern char wide[64];
extern char one;
int main(void) {
    puts(((uintptr_t)wide & 63) || one != 1 ? "not aligned" : "aligned");
    return 0;
}
//@ file: d.c -fPIC
char one = 1;
__attribute__((aligned(64))) char wide[64] = {1};
