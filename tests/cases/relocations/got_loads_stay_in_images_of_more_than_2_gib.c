//@ compilers: gcc
//@ cflags: -fPIC
//@ ref: none
//@ out: 0 0
#include <stdio.h>
extern char far[5000L * 1000 * 1000];
extern char behind[1000];
int main(void) {
    printf("%d %d\n", far[0], behind[0]);
    return 0;
}
//@ file: b.c
char far[5000L * 1000 * 1000];
//@ file: c.c
char behind[1000];
