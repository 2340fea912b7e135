//@ shared: libx.so lib.o
//@ link: main.o -L. -lx
//@ expect: reloc R_X86_64_COPY table
//@ out: 5 6 7 / 50
//@ file: lib.c -fPIC
int table[3] = {5, 6, 7};
const char *const where = (const char *)table;
int first(void) { return table[0]; }
//@ file: main.c -fno-pic
#include <stdio.h>
extern int table[3];
int first(void);
int main(void) {
    printf("%d %d %d", table[0], table[1], table[2]);
    table[0] = 50;
    printf(" / %d\n", first());
    return 0;
}
