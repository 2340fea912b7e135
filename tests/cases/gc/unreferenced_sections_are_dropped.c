//@ args: -Wl,--gc-sections
//@ cflags: -ffunction-sections -fdata-sections
//@ expect: symbol used
//@ expect: symbol used_data
//@ expect: no symbol dead
//@ expect: no symbol dead_data
//@ out: 3
#include <stdio.h>
int used_data = 3, dead_data = 4;
int dead(void) { return dead_data; }
__attribute__((noinline)) int used(void) { return used_data; }
int main(void) {
    printf("%d\n", used());
    return 0;
}
