//@ args: -Wl,--gc-sections
//@ cflags: -ffunction-sections
//@ expect: fde used
//@ expect: no symbol dead
__attribute__((noinline)) int used(volatile int *p) { return *p; }
int dead(void) { return 2; }
int main(void) {
    volatile int zero = 0;
    return used(&zero);
}
