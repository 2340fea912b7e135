//@ shared: d1/libx.so x1.o
//@ ar: d2/libx.a x2.o
//@ sh: true
//@ link: lib_option_prefers_shared_then_static_in_each_directory.o -Ld2 -Ld1 -lx
//@ out: 2
#include <stdio.h>
int x(void);
int main(void) {
    printf("%d\n", x());
    return 0;
}
//@ file: d1/.keep
.
//@ file: d2/.keep
.
//@ file: x1.c -fPIC
int x(void) { return 1; }
//@ file: x2.c
int x(void) { return 2; }
