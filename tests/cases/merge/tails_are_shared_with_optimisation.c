//@ args: -Wl,-O2
//@ cflags: -O1
//@ out: shared
#include <stdio.h>
const char *other(void);
int main(void) {
    const char *whole = "the whole of the long text";
    puts(other() == whole + 13 ? "shared" : "apart");
    return 0;
}
//@ file: b.c
const char *other(void) { return "the long text" + 0; }
