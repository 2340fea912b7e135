//@ args: -Wl,-z,separate-loadable-segments
//@ ref: none
//@ out: x
#include <stdio.h>
int main(void) { return puts("x") < 0; }
