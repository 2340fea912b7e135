//@ shared: libv.so v.o -Wl,--version-script=map
//@ args: libv.so
//@ out: program
#include <stdio.h>
const char *f(void) { return "program"; }
const char *call(void);
int main(void) {
    puts(call());
    return 0;
}
//@ file: v.c -fPIC -fsemantic-interposition
const char *f(void) { return "library"; }
const char *call(void) { return f(); }
//@ file: map
V1 { global: f; call; local: *; };
