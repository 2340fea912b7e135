//@ args: -Wl,--gc-sections,-z,start-stop-gc
//@ cflags: -ffunction-sections -fdata-sections
//@ compilers: gcc
//@ allow: symtab-globals=__st
//@ expect: no symbol item
//@ out: 0
#include <stdio.h>
__attribute__((section("items"))) int item = 5;
extern int __start_items[] __attribute__((weak)), __stop_items[] __attribute__((weak));
int main(void) {
    printf("%d\n", (int)(__stop_items - __start_items));
    return 0;
}
