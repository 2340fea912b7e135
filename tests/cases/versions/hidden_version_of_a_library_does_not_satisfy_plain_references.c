//@ shared: libv.so v.o -Wl,--version-script=map
//@ args: libv.so
//@ fail: f
int f(void);
int main(void) { return f(); }
//@ file: v.c -fPIC
__asm__(".symver old_f, f@V1");
int old_f(void) { return 1; }
//@ file: map
V1 { local: old_f; };
