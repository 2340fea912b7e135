//@ sh: ar rcS libx.a f.o
//@ link: archive_without_index_still_links.o libx.a
//@ ref: none
//@ out: 7
#include <stdio.h>
int f(void);
int main(void) {
    printf("%d\n", f());
    return 0;
}
//@ file: f.c
int f(void) { return 7; }
