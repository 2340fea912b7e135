//@ args: -Wl,--wrap=f,--wrap,malloc
//@ out: wrapped 3
#include <stdio.h>
int f(int);
int main(void) {
    printf("wrapped %d\n", f(1));
    return 0;
}
//@ file: f.c
int f(int x) { return x; }
//@ file: w.c
int __real_f(int);
int __wrap_f(int x) { return __real_f(x) + 2; }
