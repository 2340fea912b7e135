//@ args: -no-pie -Wl,-z,nocopyreloc
//@ cflags: -fno-pie
//@ shared: libd.so d.o
//@ args: libd.so
//@ fail: value
//@ ref-links:
extern int value;
int main(void) { return value; }
//@ file: d.c -fPIC
int value = 1;
