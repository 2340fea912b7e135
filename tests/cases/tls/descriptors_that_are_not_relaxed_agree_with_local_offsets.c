//@ variant: relaxed
//@ variant: kept -Wl,--no-relax
//@ compilers: gcc
//@ cflags: -fPIC -mtls-dialect=gnu2 -ftls-model=local-dynamic
//@ allow: *
//@ out: 42 5
#include <stdio.h>
extern _Thread_local int foo;
static _Thread_local int bar = 5;
int get_foo(void);
int main(void) {
    foo = 42;
    printf("%d %d\n", get_foo(), bar);
    return 0;
}
//@ file: b.c
static _Thread_local int before = 7;
_Thread_local int foo;
int get_foo(void) { return before ? foo : 0; }
