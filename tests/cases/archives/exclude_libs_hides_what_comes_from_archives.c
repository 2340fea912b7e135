//@ ar: libx.a f.o
//@ shared: libout.so g.o libx.a -Wl,--exclude-libs,ALL
//@ link: exclude_libs_hides_what_comes_from_archives.o libout.so
//@ expect libout.so: no dynsym f
//@ expect libout.so: dynsym g DEF
//@ out: 2
#include <stdio.h>
int g(void);
int main(void) {
    printf("%d\n", g());
    return 0;
}
//@ file: g.c -fPIC
int f(void);
int g(void) { return 1 + f(); }
//@ file: f.c -fPIC
int f(void) { return 1; }
