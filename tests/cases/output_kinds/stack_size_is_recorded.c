//@ args: -Wl,-z,stack-size=0x100000
//@ allow: notes
//@ expect: segment GNU_STACK size 0x100000
int main(void) { return 0; }
