//@ args: -shared -Wl,-f,libaux.so,-F,libfilter.so,--audit=libaudit.so
//@ cflags: -fPIC
//@ no-run:
//@ expect: dynamic AUXILIARY
//@ expect: dynamic FILTER
//@ expect: dynamic AUDIT
int f(void) { return 0; }
