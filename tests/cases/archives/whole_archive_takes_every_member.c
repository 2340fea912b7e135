//@ ar: libx.a f.o g.o
//@ args: -Wl,--whole-archive libx.a -Wl,--no-whole-archive
//@ expect: symbol f
//@ expect: symbol g
int main(void) { return 0; }
//@ file: f.c
int f(void) { return 1; }
//@ file: g.c
int g(void) { return 1; }
