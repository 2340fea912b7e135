//@ out: 3
#include <stdio.h>
static int value = 1;
int other(void);
int main(void) {
    printf("%d\n", value + other());
    return 0;
}
//@ file: b.c
static int value = 2;
int other(void) { return value; }
