//@ variant: direct -no-pie | -fno-pie
//@ variant: table -no-pie | -fPIE
//@ compilers: gcc
//@ ref: none
//@ shared: libu.so u.o
//@ args: libu.so
//@ expect: dynsym f FUNC DEF
//@ out: 42 42 42 1
// clang knows what the resolver returns, and takes that address instead.
#include <stdio.h>
static int real(void) { return 42; }
static int (*resolve(void))(void) { return real; }
int f(void) __attribute__((ifunc("resolve")));
int call_f(void), (*address_of_f(void))(void), call_pointer(void);
int (*volatile own)(void) = f;
int main(void) {
    printf("%d %d %d %d\n", call_f(), call_pointer(), own(), own == address_of_f());
    return 0;
}
//@ file: u.c -fPIC
// The run-time linker fills this in before the program itself is relocated.
int f(void);
static int (*volatile pointer)(void) = f;
int call_f(void) { return f(); }
int call_pointer(void) { return pointer(); }
int (*address_of_f(void))(void) { return f; }
