//@ out: 0 1 2
#include <stdio.h>
#include <stdlib.h>
static char big[8 << 20];
int main(void) {
    // The heap has the protection of the last segment.
    char *p = malloc(100000);
    p[99999] = 2;
    printf("%d ", big[sizeof big - 1]);
    big[sizeof big - 1] = 1;
    printf("%d %d\n", big[sizeof big - 1], p[99999]);
    return 0;
}
