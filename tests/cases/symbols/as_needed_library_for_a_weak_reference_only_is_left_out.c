//@ shared: libweak.so w.o
//@ args: -Wl,--as-needed libweak.so
//@ expect: needed libc.so.6
//@ expect: dynsym w WEAK UND
//@ out: absent
#include <stdio.h>
int w(void) __attribute__((weak));
int main(void) {
    puts(w ? "present" : "absent");
    return 0;
}
//@ file: w.c -fPIC
int w(void) { return 0; }
