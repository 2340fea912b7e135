//@ shared: libv.so v.o -Wl,--version-script=map
//@ args: libv.so
//@ expect libv.so: dynsym foo_special@@V2 DEF
//@ expect libv.so: dynsym foo_other@@V1 DEF
int foo_other(void);
int main(void) { return foo_other(); }
//@ file: v.c -fPIC
int foo_special(void) { return 0; }
int foo_other(void) { return 0; }
//@ file: map
V1 { global: foo_*; local: *; };
V2 { global: foo_special; } V1;
