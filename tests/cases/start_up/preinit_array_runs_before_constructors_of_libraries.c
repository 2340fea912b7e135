//@ shared: libc1.so l.o
//@ link: preinit_array_runs_before_constructors_of_libraries.o -Wl,--no-as-needed libc1.so
//@ expect: dynamic PREINIT_ARRAY
//@ out: preinit library main
#include <stdio.h>
static void pre(void) { printf("preinit "); }
__attribute__((section(".preinit_array"), used)) static void (*p)(void) = pre;
int main(void) {
    puts("main");
    return 0;
}
//@ file: l.c -fPIC
#include <stdio.h>
__attribute__((constructor)) static void ini(void) { printf("library "); }
