//@ args: -Wl,--gc-sections,--print-gc-sections
//@ cflags: -ffunction-sections
//@ says: .text.dead
int dead(void) { return 2; }
int main(void) { return 0; }
