//@ args: -Wl,-O2
//@ out: the whole of the long text
//@ out: the long text
// GNU ld and lld let a string share the end of a longer one at -O2; whether or not, each must read right.
#include <stdio.h>
const char *other(void);
int main(void) {
    puts("the whole of the long text");
    puts(other());
    return 0;
}
//@ file: b.c
const char *other(void) { return "the long text"; }
