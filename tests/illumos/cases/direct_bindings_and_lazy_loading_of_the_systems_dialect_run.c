//@ variant: direct-solaris-only -Wl,-B,direct
//@ variant: lazyload-solaris-only -Wl,-z,lazyload
//@ variant: now-solaris-only -Wl,-z,now
//@ shared: libx.so lib.o -Wl,-h,libx.so
//@ link: main.o -L. -lx
//@ expect: section .SUNW_version
//@ expect: no dynamic VERSYM
//@ expect: runpath /run
//@ expect: rpath /run
//@ args: -Wl,-R/run
//@ out: lib 4
//@ file: lib.c -fPIC
#include <stdio.h>
int data = 4;
void in_lib(void) { printf("lib %d\n", data); }
//@ file: main.c
void in_lib(void);
int main(void) {
    in_lib();
    return 0;
}
