//@ shared: libv.so v.o -Wl,--version-script=map
//@ args: libv.so
//@ expect libv.so: dynsym keep@@V1 DEF
//@ expect libv.so: no dynsym drop
//@ expect libv.so: verdef V1
//@ expect: verneed V1 of libv.so
//@ expect: dynsym keep@V1 UND
//@ out: 1
#include <stdio.h>
int keep(void);
int main(void) {
    printf("%d\n", keep());
    return 0;
}
//@ file: v.c -fPIC
int drop(void) { return 1; }
int keep(void) { return drop(); }
//@ file: map
V1 { global: keep; local: *; };
