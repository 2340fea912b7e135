//@ variant: pie -pie | -fPIE
//@ variant: static -static | -fno-pie
//@ expect: segment TLS align 0x100
//@ out: aligned 1 2
#include <stdint.h>
#include <stdio.h>
__thread char small = 1;
__thread int wide __attribute__((aligned(256))) = 2;
__thread char zero[3] __attribute__((aligned(64)));
int main(void) {
    uintptr_t bits = (uintptr_t)&wide % 256 | (uintptr_t)zero % 64;
    printf("%s %d %d\n", bits ? "not aligned" : "aligned", small, wide);
    return 0;
}
