//@ out: 1 2
#include <stdio.h>
static int f(void) { return 1; }
int g(void);
int main(void) {
    printf("%d %d\n", f(), g());
    return 0;
}
//@ file: b.c
__attribute__((noinline)) static int f(void) { return 2; }
int g(void) { return f(); }
