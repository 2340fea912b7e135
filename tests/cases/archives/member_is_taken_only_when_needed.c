//@ ar: libx.a used.o unused.o
//@ args: libx.a
//@ expect: symbol used
//@ expect: no symbol unused
//@ out: 1
#include <stdio.h>
int used(void);
int main(void) {
    printf("%d\n", used());
    return 0;
}
//@ file: used.c
int used(void) { return 1; }
//@ file: unused.c
int undefined_anywhere(void);
int unused(void) { return undefined_anywhere(); }
