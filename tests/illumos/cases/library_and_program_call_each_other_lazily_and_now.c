//@ variant: lazy
//@ variant: now -Wl,-z,now
//@ variant: pie-gnu-only -pie | -fpie
//@ shared: libx.so lib.o
//@ link: main.o -L. -lx
//@ expect: needed libx.so libc.so.1
//@ expect: interp /lib/amd64/ld.so.1
//@ out: lib 1
//@ out: main 2
//@ out: lib 3
//@ out: 4950
//@ file: lib.c -fPIC
#include <stdio.h>
int counter = 0;
void from_main(void);
void in_lib(void) { printf("lib %d\n", ++counter); }
void start(void) {
    in_lib();
    from_main();
    in_lib();
}
int sum(int n) { return n ? n + sum(n - 1) : 0; }
//@ file: main.c
#include <stdio.h>
void start(void);
int sum(int);
int next(void);
static int calls = 1;
void from_main(void) { printf("main %d\n", ++calls); next(); }
int next(void) { extern int counter; return counter = calls; }
int main(void) {
    start();
    printf("%d\n", sum(99));
    return 0;
}
