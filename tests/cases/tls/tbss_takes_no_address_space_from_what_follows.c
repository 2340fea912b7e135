//@ out: 1 2 0
#include <stdio.h>
__thread char big[1 << 20];
int data = 1;
__attribute__((constructor)) static void ini(void) { data++; }
int main(void) {
    printf("%d %d %d\n", data - 1, data, big[1 << 19]);
    return 0;
}
