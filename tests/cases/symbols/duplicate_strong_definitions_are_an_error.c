//@ fail: f
//@ fail: a.o
//@ fail: b.o
int main(void) { return 0; }
//@ file: a.c
int f(void) { return 0; }
//@ file: b.c
int f(void) { return 0; }
