//@ args: -rdynamic -Wl,--hash-style=both
//@ expect: dynamic HASH
//@ expect: dynamic GNU_HASH
int a1(void) { return 0; }
int main(void) { return 0; }
