//@ variant: pie -pie | -fPIE
//@ variant: no-pie -no-pie | -fno-pie
//@ variant: static -static | -fno-pie
//@ out: ELF
#include <stdio.h>
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
int main(void) {
    printf("%.3s\n", __ehdr_start + 1);
    return 0;
}
