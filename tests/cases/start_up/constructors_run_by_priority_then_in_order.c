//@ out: 101 200 a b main b a 200 101
//@ link: constructors_run_by_priority_then_in_order.o b.o
#include <stdio.h>
#define BOTH(name, attr, text) \
    __attribute__((constructor attr)) static void c_##name(void) { printf(text " "); } \
    __attribute__((destructor attr)) static void d_##name(void) { printf(text " "); }
BOTH(late, (200), "200")
BOTH(early, (101), "101")
BOTH(a, , "a")
int main(void) {
    printf("main ");
    return 0;
}
//@ file: b.c
#include <stdio.h>
__attribute__((constructor)) static void c_b(void) { printf("b "); }
__attribute__((destructor)) static void d_b(void) { printf("b "); }
