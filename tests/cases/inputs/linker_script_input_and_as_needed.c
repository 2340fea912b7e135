//@ shared: libused.so u.o
//@ shared: libunused.so n.o
//@ link: linker_script_input_and_as_needed.o -L. -lscript
//@ expect: needed libused.so libc.so.6
//@ out: 4
#include <stdio.h>
int u(void);
int main(void) {
    printf("%d\n", u());
    return 0;
}
//@ file: u.c -fPIC
int u(void) { return 4; }
//@ file: n.c -fPIC
int n(void) { return 4; }
//@ file: libscript.so
/* GNU ld script */
OUTPUT_FORMAT(elf64-x86-64)
INPUT ( AS_NEEDED ( libunused.so -lused ) )
