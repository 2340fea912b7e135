//@ variant: plain
//@ variant: now -Wl,-z,now
//@ variant: pie-now-gnu-only -pie -Wl,-z,now | -fpie
//@ variant: pie-gnu-only -pie | -fpie
//@ exit: 42
//@ out: ctor 1
//@ out: ctor 2
//@ out: 7 0 2
//@ out: bye
//@ out: dtor
//@ run-args: one
#include <stdio.h>
#include <stdlib.h>
_Thread_local int seven = 7;
_Thread_local int zero;
__attribute__((constructor(200))) static void first(void) { puts("ctor 1"); }
__attribute__((constructor)) static void second(void) { puts("ctor 2"); }
__attribute__((destructor)) static void last(void) { puts("dtor"); }
static void bye(void) { puts("bye"); }
int main(int argc, char **argv) {
    atexit(bye);
    printf("%d %d %d\n", seven, zero, argc);
    return 42;
}
