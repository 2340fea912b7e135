//@ shared: libinner.so inner.o
//@ shared: libouter.so outer.o libinner.so
//@ args: libouter.so -Wl,-rpath-link,.
//@ fail: inner
int outer(void), inner(void);
int main(void) { return outer() + inner(); }
//@ file: outer.c -fPIC
int inner(void);
int outer(void) { return inner() + 1; }
//@ file: inner.c -fPIC
int inner(void) { return 3; }
