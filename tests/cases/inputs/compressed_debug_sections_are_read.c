//@ variant: zlib | -g -gz=zlib
//@ variant: plain | -g
//@ expect: section .debug_info
//@ expect: section .debug_str
//@ out: x
#include <stdio.h>
int main(void) { return puts("x") < 0; }
