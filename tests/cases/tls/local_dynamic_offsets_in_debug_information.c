//@ cflags: -g -fPIC -ftls-model=local-dynamic
//@ args: -shared
//@ no-run:
static __thread int a = 1, b = 2;
int *f(int i) { return i ? &a : &b; }
