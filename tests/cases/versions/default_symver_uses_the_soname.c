//@ shared: libv.so v.o -Wl,--default-symver,-soname,libv.so.3
//@ link: default_symver_uses_the_soname.o libv.so
//@ expect libv.so: dynsym f@@libv.so.3 DEF
//@ no-run:
int f(void);
int main(void) { return f(); }
//@ file: v.c -fPIC
int f(void) { return 0; }
