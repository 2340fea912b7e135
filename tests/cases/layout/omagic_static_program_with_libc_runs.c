//@ ref: none
//@ variant: omagic -Wl,-N
//@ variant: nmagic -Wl,-n
//@ args: -static
//@ allow-check: segment-align segment-wx segment-overlap segment-congruent
//@ out: hello
#include <stdio.h>
int main(void) { puts("hello"); return 0; }
