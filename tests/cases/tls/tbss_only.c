//@ variant: pie -pie | -fPIE
//@ variant: static -static
//@ out: 0 5
#include <stdio.h>
__thread int zero;
int main(void) {
    printf("%d ", zero);
    zero = 5;
    printf("%d\n", zero);
    return 0;
}
