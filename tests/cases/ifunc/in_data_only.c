//@ variant: pie -pie | -fPIE
//@ variant: static -static | -fno-pie
//@ variant: shared-like -no-pie | -fno-pie
//@ out: 9
#include <stdio.h>
static int nine(void) { return 9; }
static void *resolve(void) { return nine; }
static int f(void) __attribute__((ifunc("resolve")));
int (*table[])(void) = {f};
int main(void) {
    printf("%d\n", table[0]());
    return 0;
}
