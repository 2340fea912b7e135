//@ shared: libx.so x1.o
//@ ar: libx.a x2.o
//@ link: bstatic_and_bdynamic_switch_what_lib_finds.o -L. -Wl,-Bstatic -lx -Wl,-Bdynamic
//@ out: 2
#include <stdio.h>
int x(void);
int main(void) {
    printf("%d\n", x());
    return 0;
}
//@ file: x1.c -fPIC
int x(void) { return 1; }
//@ file: x2.c
int x(void) { return 2; }
