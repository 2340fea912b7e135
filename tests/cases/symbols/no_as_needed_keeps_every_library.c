//@ shared: libunused.so n.o
//@ args: -Wl,--push-state,--no-as-needed libunused.so -Wl,--pop-state
//@ expect: needed libunused.so libc.so.6
int main(void) { return 0; }
//@ file: n.c -fPIC
int unused(void) { return 0; }
