//@ variant: pie -pie | -fPIE
//@ variant: no-pie -no-pie | -fno-pie
//@ cflags: -ftls-model=initial-exec
//@ expect: no reloc R_X86_64_TPOFF64
//@ out: 9
#include <stdio.h>
extern __thread int a;
int main(void) {
    printf("%d\n", a);
    return 0;
}
//@ file: a.c
__thread int a = 9;
