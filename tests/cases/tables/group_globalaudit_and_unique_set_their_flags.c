//@ args: -shared -Wl,-Bgroup -Wl,-z,globalaudit -Wl,-z,unique
//@ cflags: -fPIC
//@ no-run:
//@ expect: dynamic FLAGS_1 0x1000004
//@ after: readelf -dW $OUT | grep -q 'FLAGS_1.*UNIQUE'
int f(void) { return 0; }
