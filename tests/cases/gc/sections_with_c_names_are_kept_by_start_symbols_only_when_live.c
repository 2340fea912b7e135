//@ args: -Wl,--gc-sections
//@ cflags: -ffunction-sections -fdata-sections
//@ expect: symbol item
//@ out: 5
#include <stdio.h>
__attribute__((section("items"))) int item = 5;
extern int __start_items[];
int main(void) {
    printf("%d\n", __start_items[0]);
    return 0;
}
