//@ sh: mkdir -p sub && cp f.o sub/f.o && ar rcsT libthin.a sub/f.o
//@ link: thin_archive_members_are_found_beside_it.o libthin.a
//@ out: 5
#include <stdio.h>
int f(void);
int main(void) {
    printf("%d\n", f());
    return 0;
}
//@ file: f.c
int f(void) { return 5; }
