//@ expect: verneed GLIBC_2.2.5 of libc.so.6
//@ expect: dynsym puts@GLIBC_2.2.5 UND
#include <stdio.h>
int main(void) { return puts("x") < 0; }
