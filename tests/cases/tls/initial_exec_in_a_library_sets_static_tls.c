//@ cflags: -fPIC
//@ shared: libt.so t.o
//@ args: libt.so
//@ expect libt.so: dynamic FLAGS 0x10
//@ expect libt.so: reloc R_X86_64_TPOFF64
//@ out: 8
#include <stdio.h>
int get(void);
int main(void) {
    printf("%d\n", get());
    return 0;
}
//@ file: t.c -ftls-model=initial-exec
__thread int global = 8;
int get(void) { return global; }
