//@ args: -Wl,--gc-sectoins
//@ fail: gc-sections
//@ fail: gc-sectoins
int main(void) { return 0; }
