//@ variant: plain
//@ variant: tight-gnu-only -Wl,-z,noseparate-code
//@ shared: libx.so lib.o
//@ link: main.o -L. -lx
//@ out: 3 4
//@ file: lib.c -fPIC
int data[1000] = {3};
const int constant[3] = {4};
int get(int i) { return i ? constant[0] : data[0]; }
//@ file: main.c
#include <stdio.h>
int get(int);
int main(void) {
    printf("%d %d\n", get(0), get(1));
    return 0;
}
