//@ shared: liba.so a.o
//@ args: -Wl,--no-as-needed liba.so
//@ expect: dynsym f DEF
//@ out: program program
#include <stdio.h>
const char *f(void) { return "program"; }
const char *call(void);
int main(void) {
    printf("%s %s\n", f(), call());
    return 0;
}
//@ file: a.c -fPIC -fsemantic-interposition
const char *f(void) { return "library"; }
const char *call(void) { return f(); }
