//@ variant: gnu -Wl,--hash-style=gnu
//@ expect: dynamic GNU_HASH
//@ expect: no dynamic HASH
//@ args: -rdynamic
int a1(void) { return 0; } int a2(void) { return 0; } int a3(void) { return 0; } int a4(void) { return 0; }
int main(void) { return 0; }
