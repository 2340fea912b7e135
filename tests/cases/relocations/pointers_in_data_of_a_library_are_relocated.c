//@ shared: libp.so p.o
//@ args: libp.so
//@ out: 1 2 3 4
#include <stdio.h>
extern int *table[];
int two = 2;
int main(void) {
    printf("%d %d %d %d\n", *table[0], *table[1], table[2][1], *table[3]);
    return 0;
}
//@ file: p.c -fPIC
static int one = 1;
extern int two;
int array[2] = {0, 3};
static int four = 4;
int *table[] = {&one, &two, array, &four};
