//@ args: -Wl,--defsym=alias=not_known
//@ fail: not_known
int main(void) { return 0; }
