//@ variant: pie -pie | -fPIE
//@ out: 0
//@ after: [ $(stat -c %s $OUT) -lt 100000 ]
#include <stdio.h>
static char big[1 << 30];
int main(int c, char **v) {
    printf("%d\n", big[c * 1000000]);
    return 0;
}
