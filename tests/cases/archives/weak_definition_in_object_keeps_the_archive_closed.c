//@ ar: libx.a strong.o
//@ args: libx.a
//@ out: weak
#include <stdio.h>
__attribute__((weak)) const char *f(void) { return "weak"; }
int main(void) {
    puts(f());
    return 0;
}
//@ file: strong.c
const char *f(void) { return "strong"; }
