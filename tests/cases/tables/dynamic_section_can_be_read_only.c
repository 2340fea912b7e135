//@ args: -Wl,-z,rodynamic
//@ ref: lld
//@ needs: lld
//@ expect: section .dynamic flags A
//@ expect: no dynamic DEBUG
//@ allow: *
//@ out: ran
#include <stdio.h>
int main(void) { puts("ran"); return 0; }
