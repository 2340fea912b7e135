//@ variant: pie -pie | -fPIE
//@ variant: no-pie -no-pie | -fno-pie
//@ variant: static -static | -fno-pie
//@ variant: static-pie -static-pie | -fPIE
//@ out: hello, world 42
#include <stdio.h>

int answer = 42;
int *where = &answer;

int main(void) {
    printf("hello, world %d\n", *where);
    return 0;
}
