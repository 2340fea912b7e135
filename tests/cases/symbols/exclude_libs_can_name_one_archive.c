//@ ar: libone.a one.o
//@ ar: libtwo.a two.o
//@ args: -shared -Wl,--whole-archive libone.a libtwo.a -Wl,--no-whole-archive,--exclude-libs,libone.a
//@ cflags: -fPIC
//@ no-run:
//@ expect: no dynsym one
//@ expect: dynsym two DEF
int here(void) { return 0; }
//@ file: one.c
int one(void) { return 1; }
//@ file: two.c
int two(void) { return 2; }
