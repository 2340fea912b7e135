//@ variant: pie -pie | -fPIE
//@ variant: relr -pie -Wl,-z,pack-relative-relocs | -fPIE
//@ variant: static-pie -static-pie | -fPIE
//@ compilers: gcc
//@ ref: none
//@ out: 42 42 1
#include <stdio.h>
__attribute__((visibility("hidden"))) int call(void), same(void);
int hidden_call(void);
int main(void) {
    printf("%d %d %d\n", hidden_call(), call(), same());
    return 0;
}
//@ file: s.c -fPIC
static int real(void) { return 42; }
static int (*resolve(void))(void) { return real; }
__attribute__((visibility("hidden"))) int f(void) __attribute__((ifunc("resolve")));
// Resolved at start-up, were it not that t.c takes the address without a relocation.
int (*volatile in_data)(void) = f;
int hidden_call(void) { return in_data(); }
//@ file: t.c -fPIC
__attribute__((visibility("hidden"))) int f(void);
extern int (*volatile in_data)(void);
__attribute__((visibility("hidden"))) int call(void) { int (*volatile p)(void) = f; return p(); }
__attribute__((visibility("hidden"))) int same(void) { int (*volatile p)(void) = f; return p == in_data; }
