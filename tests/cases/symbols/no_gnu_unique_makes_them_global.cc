//@ args: -shared -Wl,--no-gnu-unique
//@ cflags: -fPIC
//@ compilers: gcc
//@ ref: lld
//@ needs: lld
//@ no-run:
//@ allow: segments
//@ expect: no dynsym _ZZ3onevE1x UNIQUE
//@ expect: dynsym _ZZ3onevE1x GLOBAL
inline int &one() { static int x = 1; return x; }
int use() { return ++one(); }
