//@ args: -no-pie
//@ cflags: -fno-pie
//@ shared: libp.so p.o
//@ args: libp.so
//@ compilers: gcc
//@ ref: none
//@ out: 5
#include <stdio.h>
extern int value;
int main(void) {
    printf("%d\n", value);
    return 0;
}
//@ file: p.c -fPIC
int value = 5;
