//@ variant: weak-first
//@ link: weak.o strong_definition_overrides_weak_in_any_order.o strong.o
//@ out: strong
#include <stdio.h>
const char *f(void);
int main(void) {
    puts(f());
    return 0;
}
//@ file: weak.c
__attribute__((weak)) const char *f(void) { return "weak"; }
//@ file: strong.c
const char *f(void) { return "strong"; }
