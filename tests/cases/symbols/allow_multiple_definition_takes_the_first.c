//@ variant: long -Wl,--allow-multiple-definition
//@ variant: z -Wl,-z,muldefs
//@ out: first
#include <stdio.h>
const char *f(void);
int main(void) {
    puts(f());
    return 0;
}
//@ file: a.c
const char *f(void) { return "first"; }
//@ file: b.c
const char *f(void) { return "second"; }
