//@ ar: libx.a f.o
//@ args: libx.a
//@ out: absent
#include <stdio.h>
int f(void) __attribute__((weak));
int main(void) {
    puts(f ? "present" : "absent");
    return 0;
}
//@ file: f.c
int f(void) { return 1; }
