//@ cflags: -fcommon
//@ ar: libc1.a c.o
//@ args: libc1.a
//@ out: 0
#include <stdio.h>
int value;
int main(void) {
    printf("%d\n", value);
    return 0;
}
//@ file: c.c
int value;
int never(void) { return 1; }
