//@ args: -Wl,-z,stack-size=0x100000
//@ expect: segment GNU_STACK size 0x100000
int main(void) { return 0; }
