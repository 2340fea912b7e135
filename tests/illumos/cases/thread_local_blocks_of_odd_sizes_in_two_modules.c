//@ variant: plain
//@ variant: pie-gnu-only -pie | -fpie
//@ shared: libx.so lib.o
//@ shared: liby.so ie.o
//@ link: main.o -L. -lx -ly
//@ out: abcdef
//@ out: 1 2 3
//@ out: 10 2 3
//@ out: 77 78
//@ out: 10 bbcdef
//@ file: lib.c -fPIC
// 24 bytes; general and local dynamic.
_Thread_local long three[3] = {1, 2, 3};
static _Thread_local char local = 'x';
long get(int i) { return three[i]; }
char *place(void) { return &local; }
//@ file: ie.c -fPIC -ftls-model=initial-exec
_Thread_local int seventy[2] = {77, 78};
int seventy_of(int i) { return seventy[i]; }
//@ file: main.c
#include <stdio.h>
// 7 bytes.
_Thread_local char seven[7] = "abcdef";
extern _Thread_local long three[3];
long get(int);
char *place(void);
int seventy_of(int);
int main(void) {
    puts(seven);
    printf("%ld %ld %ld\n", get(0), get(1), get(2));
    three[0] = 10;
    printf("%ld %ld %ld\n", get(0), three[1], get(2));
    printf("%d %d\n", seventy_of(0), seventy_of(1));
    *place() = 'y';
    seven[0]++;
    printf("%ld %s\n", three[0], seven);
    return *place() != 'y';
}
