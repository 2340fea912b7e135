//@ shared: libx.so x.o -Wl,-soname,libx.so
//@ args: libx.so ./libx.so -L. -lx
//@ expect: needed libx.so libc.so.6
int x(void);
int main(void) { return x(); }
//@ file: x.c -fPIC
int x(void) { return 0; }
