//@ args: -shared -Wl,--version-script=map
//@ cflags: -fPIC
//@ no-run:
//@ expect: dynsym f1 DEF
//@ expect: dynsym f2 DEF
//@ expect: no dynsym f3
//@ expect: dynsym gx DEF
//@ expect: no dynsym gxx
int f1, f2, f3, gx, gxx;
//@ file: map
{ global: f[12]; g?; local: *; };
