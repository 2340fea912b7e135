//@ shared: libv.so v.o -Wl,--version-script=map
//@ args: libv.so
//@ expect libv.so: dynsym keep DEF
//@ expect libv.so: no dynsym drop
//@ expect libv.so: no section .gnu.version_d
int keep(void);
int main(void) { return keep() - 1; }
//@ file: v.c -fPIC
int drop(void) { return 1; }
int keep(void) { return drop(); }
//@ file: map
{ global: keep; local: *; };
