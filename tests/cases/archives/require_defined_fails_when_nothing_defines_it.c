//@ args: -Wl,--require-defined=missing_symbol
//@ fail: missing_symbol
int main(void) { return 0; }
