//@ link: first_of_two_weak_definitions_is_used.o a.o b.o
//@ out: first
#include <stdio.h>
const char *f(void);
int main(void) {
    puts(f());
    return 0;
}
//@ file: a.c
__attribute__((weak)) const char *f(void) { return "first"; }
//@ file: b.c
__attribute__((weak)) const char *f(void) { return "second"; }
