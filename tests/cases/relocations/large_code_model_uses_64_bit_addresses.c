//@ variant: no-pie -no-pie | -fno-pie -mcmodel=large
//@ variant: pie -pie | -fPIE -mcmodel=large
//@ out: 5 6 8
//@ allow: section-flags section-type sections symtab-symbol
#include <stdio.h>
int data = 5;
static int local_data = 6;
int elsewhere(int);
int main(int c, char **v) {
    local_data += c - 1;
    printf("%d %d %d\n", data, local_data, elsewhere(7));
    return 0;
}
//@ file: b.c
int elsewhere(int x) { return x + 1; }
