//@ args: -Wl,-z,noseparate-code
//@ out: x
//@ allow-check: segment-overlap
#include <stdio.h>
int main(void) { return puts("x") < 0; }
