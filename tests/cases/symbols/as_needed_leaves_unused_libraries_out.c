//@ shared: libused.so u.o
//@ shared: libunused.so n.o
//@ args: -Wl,--as-needed libunused.so libused.so
//@ expect: needed libused.so libc.so.6
int used(void);
int main(void) { return used(); }
//@ file: u.c -fPIC
int used(void) { return 0; }
//@ file: n.c -fPIC
int unused(void) { return 0; }
