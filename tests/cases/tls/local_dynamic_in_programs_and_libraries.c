//@ variant: pie -pie
//@ variant: static -static
//@ cflags: -fPIC -ftls-model=local-dynamic
//@ out: 30
#include <stdio.h>
static __thread int a = 10, b = 20;
__attribute__((noinline)) int sum(void) { return a + b; }
int main(void) {
    printf("%d\n", sum());
    return 0;
}
