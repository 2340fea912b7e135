//@ cflags: -fcommon
//@ ar: libx.a f.o g.o
//@ args: libx.a
//@ out: 0 0
#include <stdio.h>
int value, name;
int main(void) {
    printf("%d %d\n", value, name != 0);
    return 0;
}
//@ file: f.c
#include <stdio.h>
__attribute__((weak)) int value = 9;
__attribute__((constructor)) static void f(void) { puts("f.o is linked"); }
//@ file: g.c
#include <stdio.h>
int name(void) { return 1; }
__attribute__((constructor)) static void g(void) { puts("g.o is linked"); }
