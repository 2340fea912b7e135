//@ compilers: gcc
//@ variant: pie -pie | -fPIE -mcmodel=medium
//@ variant: no-pie -no-pie | -fno-pie -mcmodel=medium
//@ out: 5 0 7
//@ allow: section-flags section-type sections symtab-symbol
#include <stdio.h>
int large_data[20000] = {5};
static char large_zero[100000];
const int large_const[30000] = {7};
int main(int c, char **v) {
    printf("%d %d %d\n", large_data[c - 1], large_zero[c * 99], large_const[c - 1]);
    return 0;
}
