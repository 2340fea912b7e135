//@ variant: pie -pie | -fPIE
//@ variant: no-pie -no-pie | -fno-pie
//@ variant: static -static | -fno-pie
//@ variant: static-pie -static-pie | -fPIE
//@ out: 0 0
#include <stdio.h>
extern int missing_data __attribute__((weak));
int missing_function(void) __attribute__((weak));
int *pointer = &missing_data;
int main(void) {
    printf("%d %d\n", pointer != 0, missing_function != 0);
    return 0;
}
