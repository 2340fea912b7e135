//@ variant: pie -pie | -fPIE
//@ variant: gc -Wl,--gc-sections | -ffunction-sections -fdata-sections
//@ out: 3 numbers, sum 6
#include <stdio.h>
__attribute__((section("numbers"), used)) int one = 1;
__attribute__((section("numbers"), used)) int two = 2;
__attribute__((section("numbers"), used)) int three = 3;
extern int __start_numbers[], __stop_numbers[];
int main(void) {
    int sum = 0;
    for (int *p = __start_numbers; p < __stop_numbers; p++)
        sum += *p;
    printf("%d numbers, sum %d\n", (int)(__stop_numbers - __start_numbers), sum);
    return 0;
}
