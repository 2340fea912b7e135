//@ args: -Wl,-z,pack-relative-relocs
//@ variant: pie -pie | -fPIE
//@ expect: section .relr.dyn
//@ expect: dynamic RELR
//@ ref: none
//@ out: 0 1 99
#include <stdio.h>
#define T(n) &v[n], &v[n + 1], &v[n + 2], &v[n + 3], &v[n + 4]
static int v[100] = {0, 1, 2};
int *p[] = {T(0), T(5), T(10), T(15), T(20), T(25), T(30), T(35), T(40), T(45), T(50), T(55), T(60), T(65), T(70), T(75), T(80), T(85), T(90), T(95)};
struct { char c; int *q; } __attribute__((packed)) odd = {1, &v[1]};
int main(void) {
    printf("%d %d %d\n", (int)(p[0] - v), (int)(odd.q - v), (int)(p[99] - v));
    return 0;
}
