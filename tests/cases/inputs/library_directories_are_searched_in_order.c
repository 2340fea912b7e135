//@ ar: one/libx.a a.o
//@ ar: two/libx.a b.o
//@ args: -Lone -Ltwo -lx
//@ out: 1
#include <stdio.h>
int x(void);
int main(void) {
    printf("%d\n", x());
    return 0;
}
//@ file: one/.keep
.
//@ file: two/.keep
.
//@ file: a.c
int x(void) { return 1; }
//@ file: b.c
int x(void) { return 2; }
