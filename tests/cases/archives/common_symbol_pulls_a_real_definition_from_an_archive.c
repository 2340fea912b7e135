//@ cflags: -fcommon
//@ ar: libx.a f.o
//@ args: libx.a
//@ out: 9
#include <stdio.h>
int shared_value;
int main(void) {
    printf("%d\n", shared_value);
    return 0;
}
//@ file: f.c
int shared_value = 9;
