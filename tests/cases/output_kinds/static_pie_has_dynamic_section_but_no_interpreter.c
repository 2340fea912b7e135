//@ args: -static-pie
//@ cflags: -fPIE
//@ expect: type DYN
//@ expect: no segment PHDR
//@ expect: no segment INTERP
//@ expect: segment DYNAMIC
//@ expect: no dynamic NEEDED
#include <stdio.h>
int value = 7;
int *pointer = &value;
int main(void) { return *pointer != 7; }
