//@ args: -Wl,-z,now,-z,relro
//@ expect: dynamic FLAGS 8
//@ expect: dynamic FLAGS_1 0x8000001
//@ out: x
#include <stdio.h>
int main(void) { return puts("x") < 0; }
