//@ shared: liba.so a.o
//@ shared: libb.so b.o
//@ args: liba.so libb.so
//@ out: a
#include <stdio.h>
const char *f(void);
int main(void) {
    puts(f());
    return 0;
}
//@ file: a.c -fPIC
const char *f(void) { return "a"; }
//@ file: b.c -fPIC
const char *f(void) { return "b"; }
