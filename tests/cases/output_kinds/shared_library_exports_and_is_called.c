//@ shared: libf.so f.o
//@ link: shared_library_exports_and_is_called.o libf.so
//@ out: f(20) = 41
//@ expect libf.so: dynsym f GLOBAL FUNC DEFAULT in .text
//@ expect libf.so: no segment INTERP
//@ expect libf.so: no segment PHDR
//@ expect: dynsym f UND
//@ expect: needed libf.so libc.so.6
#include <stdio.h>
int f(int);
int main(void) {
    printf("f(20) = %d\n", f(20));
    return 0;
}
//@ file: f.c -fPIC
static int one = 1;
int f(int x) { return 2 * x + one; }
