//@ shared: libv.so lib.o -Wl,-h,libv.so.1 -Wl,-M,map
//@ ref: none
//@ sh: ln -sf libv.so libv.so.1
//@ link: main.o -L. -lv
//@ expect libv.so: verdef V_1.1
//@ expect: verneed V_1.2 of libv.so.1
//@ expect: verneed SYSVABI_1.3 of libc.so.1
//@ out: 1 2
//@ file: map
V_1.1 { global: one; local: *; };
V_1.2 { global: two; } V_1.1;
//@ file: lib.c -fPIC
int one(void) { return 1; }
int two(void) { return 2; }
int hidden(void) { return 3; }
//@ file: main.c
#include <stdio.h>
int one(void), two(void);
int main(void) {
    printf("%d %d\n", one(), two());
    return 0;
}
