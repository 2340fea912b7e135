//@ shared: libx.so lib.o
//@ link: main.o -L. -lx
//@ fail: table
//@ file: lib.c -fPIC
__attribute__((visibility("protected"))) int table[3] = {5, 6, 7};
int first(void) { return table[0]; }
//@ file: main.c -fno-pic
extern int table[3];
int main(void) { return table[0]; }
