//@ args: -shared
//@ cflags: -fPIC
//@ no-run:
//@ expect: dynsym nowhere UND
int nowhere(void);
int f(void) { return nowhere(); }
