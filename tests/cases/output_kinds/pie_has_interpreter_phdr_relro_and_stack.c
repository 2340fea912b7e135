//@ variant: lazy -pie | -fPIE
//@ variant: now -pie -Wl,-z,now | -fPIE
//@ expect: type DYN
//@ expect: segment PHDR
//@ expect: segment INTERP
//@ expect: interp /lib64/ld-linux-x86-64.so.2
//@ expect: segment GNU_STACK flags RW
//@ expect: segment GNU_RELRO
//@ expect: dynamic DEBUG
//@ expect: needed libc.so.6
//@ expect: entry _start
#include <stdio.h>
int main(void) { return puts("x") < 0; }
