//@ args: -rdynamic -Wl,--hash-style=sysv
//@ expect: dynamic HASH
//@ expect: no dynamic GNU_HASH
int a1(void) { return 0; } int a2(void) { return 0; } int a3(void) { return 0; } int a4(void) { return 0; }
int main(void) { return 0; }
