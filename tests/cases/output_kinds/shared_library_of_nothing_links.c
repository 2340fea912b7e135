//@ args: -shared
//@ cflags: -fPIC
//@ no-run:
static int unused;
