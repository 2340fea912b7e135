//@ cflags: -O0 -fno-omit-frame-pointer
//@ args: -rdynamic
//@ out: found
#include <execinfo.h>
#include <stdio.h>
#include <string.h>
__attribute__((noinline)) int inner(void) {
    void *list[20];
    int n = backtrace(list, 20);
    char **names = backtrace_symbols(list, n);
    int seen = 0;
    for (int i = 0; i < n; i++)
        seen += strstr(names[i], "(main+") || strstr(names[i], "(inner+") || strstr(names[i], "(outer+");
    return seen;
}
__attribute__((noinline)) int outer(void) { return inner() + 0; }
int main(void) {
    puts(outer() == 3 ? "found" : "lost");
    return 0;
}
