//@ args: -Wl,-x
//@ expect: no symbol hidden_here
//@ expect: symbol main
__attribute__((noinline)) static int hidden_here(volatile int *p) { return *p; }
int main(void) {
    volatile int zero = 0;
    return hidden_here(&zero);
}
