//@ args: -Wl,-z,execstack
//@ expect: segment GNU_STACK flags RWX
int main(void) { return 0; }
