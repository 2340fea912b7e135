//@ variant: now -Wl,-z,now
//@ variant: lazy -Wl,-z,lazy
//@ variant: static-pie -static-pie | -fPIE
//@ out: 2 4 6
#include <stdio.h>
int a = 1, b, c[3] = {1, 2, 3};
static int *p = &a;
int main(void) {
    *p = 2;
    b = 4;
    c[2] = 6;
    printf("%d %d %d\n", a, b, c[2]);
    return 0;
}
