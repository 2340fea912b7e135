//@ shared: libd.so d.o
//@ link: protected_data_keeps_one_address_through_the_got.o libd.so -pie
//@ cflags: -fPIC
//@ expect: no reloc R_X86_64_COPY
//@ out: 6
#include <stdio.h>
extern int value;
int get(void);
int main(void) {
    value = 6;
    printf("%d\n", get());
    return 0;
}
//@ file: d.c
__attribute__((visibility("protected"))) int value = 1;
int get(void) { return value; }
