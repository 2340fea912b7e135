//@ cflags: -fcommon
//@ out: 400 0
#include <stdint.h>
#include <stdio.h>
extern int space[100];
int get(void);
int main(void) {
    printf("%d %d\n", get(), (int)((uintptr_t)space % 64));
    return 0;
}
//@ file: a.c
char space[7];
int get(void) { return 400; }
//@ file: b.c
int space[100] __attribute__((aligned(64)));
//@ expect: symbol space GLOBAL OBJECT in .bss size 400
