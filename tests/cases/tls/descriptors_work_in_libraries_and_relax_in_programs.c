//@ compilers: gcc
//@ cflags: -fPIC -mtls-dialect=gnu2
//@ shared: libt.so t.o
//@ args: libt.so
//@ expect libt.so: reloc R_X86_64_TLSDESC
//@ expect: no reloc R_X86_64_TLSDESC
//@ allow: verneed=GLIBC_2.3 dynsym=__tls_get_addr relocs=__tls_get_addr dynamic-strings=ld-linux
//@ out: 5 6 7
#include <stdio.h>
extern __thread int a;
__thread int b = 6;
int get(void);
int main(void) {
    printf("%d %d %d\n", a, b, get());
    return 0;
}
//@ file: t.c
__thread int a = 5;
__thread int c = 7;
int get(void) { return c; }
