//@ variant: pie -pie | -fPIE
//@ variant: no-pie -no-pie | -fno-pie
//@ variant: static-pie -static-pie | -fPIE
//@ out: aligned
#include <stdio.h>
#include <stdint.h>
__attribute__((aligned(65536))) char big[3] = "x";
__attribute__((aligned(16384))) char zero[3];
__attribute__((aligned(4096))) const char ro[3] = "y";
int main(void) {
    uintptr_t bits = (uintptr_t)big % 65536 | (uintptr_t)zero % 16384 | (uintptr_t)ro % 4096;
    puts(bits ? "not aligned" : "aligned");
    return 0;
}
