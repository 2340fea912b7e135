//@ variant: plain
//@ variant: pie-gnu-only -pie | -fpie
//@ shared: libx.so lib.o
//@ link: main.o other.o -L. -lx
//@ allow: relocs=missing dynsym=missing
//@ out: no 0
//@ out: yes 3
//@ out: strong
//@ file: lib.c -fPIC
int there(void) { return 3; }
const char *which(void) { return "library"; }
//@ file: other.c
const char *which(void) { return "strong"; }
//@ file: main.c
#include <stdio.h>
__attribute__((weak)) int missing(void);
__attribute__((weak)) extern int missing_data;
__attribute__((weak)) int there(void);
__attribute__((weak)) const char *which(void) { return "weak"; }
int main(void) {
    printf("no %d\n", missing ? missing() : &missing_data ? 1 : 0);
    printf("yes %d\n", there ? there() : 0);
    puts(which());
    return 0;
}
