//@ args: -shared
//@ cflags: -fPIC -fno-plt
//@ no-run:
__attribute__((visibility("hidden"))) int inner(void);
int inner(void) { return 3; }
int (*get(void))(void) { return inner; }
int call(void) { return inner(); }
