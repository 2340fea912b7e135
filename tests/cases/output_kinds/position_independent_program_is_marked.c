//@ args: -pie
//@ cflags: -fPIE
//@ expect: dynamic FLAGS_1 0x8000000
int main(void) { return 0; }
