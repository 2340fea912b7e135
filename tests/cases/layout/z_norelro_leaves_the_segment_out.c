//@ args: -Wl,-z,norelro
//@ expect: no segment GNU_RELRO
//@ out: x
#include <stdio.h>
int main(void) { return puts("x") < 0; }
