//@ ar: libx.a f.o
//@ args: -Wl,-u,f libx.a
//@ expect: symbol f
int main(void) { return 0; }
//@ file: f.c
int f(void) { return 1; }
