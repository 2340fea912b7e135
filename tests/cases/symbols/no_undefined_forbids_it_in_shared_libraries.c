//@ variant: long -Wl,--no-undefined
//@ variant: z -Wl,-z,defs
//@ args: -shared
//@ cflags: -fPIC
//@ fail: nowhere
int nowhere(void);
int f(void) { return nowhere(); }
