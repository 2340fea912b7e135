//@ args: -static
//@ cflags: -fno-pie
//@ expect: reloc R_X86_64_IRELATIVE
//@ out: 7 8
#include <stdio.h>
static int seven(void) { return 7; }
static int eight(void) { return 8; }
static void *r7(void) { return seven; }
static void *r8(void) { return eight; }
static int a(void) __attribute__((ifunc("r7")));
static int b(void) __attribute__((ifunc("r8")));
int main(void) {
    printf("%d %d\n", a(), b());
    return 0;
}
