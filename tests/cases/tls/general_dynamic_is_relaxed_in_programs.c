//@ variant: pie -pie
//@ variant: no-pie -no-pie
//@ variant: static -static
//@ cflags: -fPIC -ftls-model=global-dynamic
//@ expect: no reloc R_X86_64_DTPMOD64
//@ allow: verneed=GLIBC_2.3 dynsym=__tls_get_addr relocs=__tls_get_addr dynamic-strings=ld-linux
//@ out: 3 4
#include <stdio.h>
extern __thread int a;
static __thread int b = 4;
int main(void) {
    printf("%d %d\n", a, b);
    return 0;
}
//@ file: a.c
__thread int a = 3;
