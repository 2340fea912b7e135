//@ args: -Wl,-z,now,--disable-new-dtags
//@ expect: dynamic BIND_NOW
//@ expect: no dynamic FLAGS
int main(void) { return 0; }
