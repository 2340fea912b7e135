//@ args: -shared
//@ cflags: -fPIC
//@ no-run:
//@ expect: dynsym maybe WEAK UND
int maybe(void) __attribute__((weak));
int f(void) { return maybe ? maybe() : 0; }
