//@ cflags: -fcommon
//@ out: 12
#include <stdio.h>
int value;
int main(void) {
    printf("%d\n", value);
    return 0;
}
//@ file: b.c
int value = 12;
