//@ link: static_pie_starts_when_nothing_is_to_be_relaxed.o -static-pie -Wl,--no-relax
//@ cflags: -fPIE
//@ ref: none
//@ out: hello
#include <stdio.h>
int main(void) {
    puts("hello");
    return 0;
}
