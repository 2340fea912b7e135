//@ args: -no-pie
//@ cflags: -fno-pie
//@ shared: libd.so d.o
//@ args: libd.so
//@ expect: reloc R_X86_64_COPY text
//@ expect: segment GNU_RELRO
//@ out: text
#include <stdio.h>
extern const char *const text;
int main(void) {
    puts(text);
    return 0;
}
//@ file: d.c -fPIC
const char *const text = "text";
