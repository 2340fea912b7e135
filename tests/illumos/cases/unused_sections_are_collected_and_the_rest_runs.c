//@ cflags: -ffunction-sections -fdata-sections
//@ variant: gc-gnu-only -Wl,--gc-sections
//@ expect: no symbol unused
//@ expect: symbol used
//@ out: used 3
#include <stdio.h>
int unused_data[100] = {1};
int unused(void) { return unused_data[0]; }
int used_data = 3;
__attribute__((noinline)) int used(void) { return used_data; }
int main(void) {
    printf("used %d\n", used());
    return 0;
}
