//@ out: same
#include <stdio.h>
const char *other(void);
int main(void) {
    puts(other() == (const char *)"a rather special text" ? "same" : "different");
    return 0;
}
//@ file: b.c
const char *other(void) { return "a rather special text"; }
