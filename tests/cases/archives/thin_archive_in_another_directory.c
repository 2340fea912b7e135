//@ sh: mkdir -p lib/deep && mv f.o lib/deep/f.o && cd lib && ar rcsT libthin.a deep/f.o
//@ link: thin_archive_in_another_directory.o -Llib -lthin
//@ out: 6
#include <stdio.h>
int f(void);
int main(void) {
    printf("%d\n", f());
    return 0;
}
//@ file: f.c
int f(void) { return 6; }
