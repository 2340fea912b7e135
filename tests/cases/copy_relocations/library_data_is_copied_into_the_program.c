//@ args: -no-pie
//@ cflags: -fno-pie
//@ shared: libd.so d.o
//@ args: libd.so
//@ expect: reloc R_X86_64_COPY value
//@ expect: dynsym value DEF OBJECT size 40
//@ out: 1 5 6
#include <stdio.h>
extern int value[10];
int get(int);
int main(void) {
    value[3] = 6;
    printf("%d %d %d\n", value[0], value[1], get(3));
    return 0;
}
//@ file: d.c -fPIC
int value[10] = {1, 5};
int get(int i) { return value[i]; }
