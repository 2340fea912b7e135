//@ variant: gnu-only -rdynamic
//@ variant: solaris-only
//@ shared: libx.so lib.o
//@ link: main.o -L. -lx
//@ expect: dynsym exported
//@ out: main's helper
//@ out: found
//@ file: lib.c -fPIC
#include <dlfcn.h>
#include <stdio.h>
__attribute__((noinline)) void helper(void) { puts("library's helper"); }
void call(void) {
    helper();
    void (*f)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, "exported");
    if (f)
        f();
}
//@ file: main.c
#include <stdio.h>
void call(void);
void helper(void) { puts("main's helper"); }
void exported(void) { puts("found"); }
int main(void) {
    call();
    return 0;
}
