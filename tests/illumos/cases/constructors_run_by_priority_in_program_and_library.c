//@ shared: libp.so lib.o -Wl,-h,libp.so.1
//@ sh: ln -sf libp.so libp.so.1
//@ link: main.o -L. -lp
//@ out: ABCabc
//@ file: lib.c -fPIC
#include <stdio.h>
char made[7];
int at;
__attribute__((constructor)) static void last(void) { made[at++] = 'C'; }
__attribute__((constructor(200))) static void second(void) { made[at++] = 'B'; }
__attribute__((constructor(101))) static void first(void) { made[at++] = 'A'; }
//@ file: main.c
#include <stdio.h>
extern char made[7];
extern int at;
__attribute__((constructor)) static void last(void) { made[at++] = 'c'; }
__attribute__((constructor(200))) static void second(void) { made[at++] = 'b'; }
__attribute__((constructor(101))) static void first(void) { made[at++] = 'a'; }
int main(void) {
    printf("%s\n", made);
    return 0;
}
