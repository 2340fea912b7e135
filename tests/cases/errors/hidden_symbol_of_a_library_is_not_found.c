//@ shared: libh.so h.o
//@ args: libh.so
//@ fail: f
int f(void);
int main(void) { return f(); }
//@ file: h.c -fPIC
__attribute__((visibility("hidden"))) int f(void) { return 0; }
