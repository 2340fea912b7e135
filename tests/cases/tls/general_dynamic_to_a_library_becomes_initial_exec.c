//@ variant: pie -pie
//@ variant: no-pie -no-pie
//@ cflags: -fPIC -ftls-model=global-dynamic
//@ shared: libt.so t.o
//@ args: libt.so
//@ expect: no reloc R_X86_64_DTPMOD64
//@ expect: reloc R_X86_64_TPOFF64 a
//@ allow: verneed=GLIBC_2.3 dynsym=__tls_get_addr relocs=__tls_get_addr dynamic-strings=ld-linux
//@ out: 3
#include <stdio.h>
extern __thread int a;
int main(void) {
    printf("%d\n", a);
    return 0;
}
//@ file: t.c
__thread int a = 3;
