//@ shared: libw.so w.o
//@ args: -Wl,--no-as-needed libw.so
//@ expect: dynsym w WEAK UND
//@ out: present
#include <stdio.h>
int w(void) __attribute__((weak));
int main(void) {
    puts(w && w() == 3 ? "present" : "absent");
    return 0;
}
//@ file: w.c -fPIC
int w(void) { return 3; }
