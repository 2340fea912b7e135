//@ shared: libv.so v.o -Wl,--version-script=map
//@ args: libv.so -no-pie
//@ cflags: -fno-pie
//@ expect: reloc R_X86_64_COPY value
//@ out: 5 6
#include <stdio.h>
extern int value;
int get(void);
int main(void) {
    printf("%d ", value);
    value = 6;
    printf("%d\n", get());
    return 0;
}
//@ file: v.c -fPIC
int value = 5;
int get(void) { return value; }
//@ file: map
V1 { global: value; get; local: *; };
