//@ shared: libs.so lib.o -Wl,-h,libs.so.1 -Wl,-M,map
//@ ref: none
//@ sh: ln -sf libs.so libs.so.1
//@ link: main.o -Wl,-M,map -L. -ls
//@ out: 5 9 0
//@ file: map
$mapfile_version 2
LOAD_SEGMENT table {
    FLAGS = READ WRITE;
    ASSIGN_SECTION second { IS_NAME = .table.b; };
    ASSIGN_SECTION first { IS_NAME = .table.a; };
    ASSIGN_SECTION { IS_NAME = .zeros; };
    IS_ORDER = first second;
};
LOAD_SEGMENT constants { FLAGS = READ; ASSIGN_SECTION { IS_NAME = .constants; }; };
//@ file: lib.c -fPIC
__attribute__((section(".table.a"))) int in_lib = 5;
__attribute__((section(".table.b"))) int *pointer = &in_lib;
int *get(void) { return pointer; }
//@ file: main.c
#include <stdio.h>
int *get(void);
__attribute__((section(".table.b"))) int last = 3;
__attribute__((section(".table.a"))) int first = 4;
__attribute__((section(".zeros"))) int zeros[3000] = {0};
__attribute__((section(".constants"))) const int five = 2;
int main(void) {
    first += five;
    printf("%d %d %d\n", *get(), first + last, zeros[2999]);
    return 0;
}
