//@ variant: pie -pie
//@ variant: static -static
//@ cflags: -fPIC -ftls-model=local-dynamic
//@ allow: verneed=GLIBC_2.3 dynsym=__tls_get_addr relocs=__tls_get_addr dynamic-strings=ld-linux
//@ out: 30
#include <stdio.h>
static __thread int a = 10, b = 20;
__attribute__((noinline)) int sum(void) { return a + b; }
int main(void) {
    printf("%d\n", sum());
    return 0;
}
