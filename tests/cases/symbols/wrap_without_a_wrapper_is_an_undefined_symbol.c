//@ args: -Wl,--wrap=f
//@ fail: __wrap_f
int f(int);
int main(void) { return f(1); }
//@ file: f.c
int f(int x) { return x; }
