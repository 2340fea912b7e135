//@ args: -Wl,--build-id=0x0123456789abcdef
//@ expect: note GNU 3 size 8
int main(void) { return 0; }
