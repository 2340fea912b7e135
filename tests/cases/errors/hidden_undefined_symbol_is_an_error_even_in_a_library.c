//@ args: -shared
//@ cflags: -fPIC
//@ fail: inner
__attribute__((visibility("hidden"))) int inner(void);
int f(void) { return inner(); }
