//@ args: -shared -Wl,-e,start
//@ cflags: -fPIC
//@ expect: entry start
//@ no-run:
void start(void) {}
