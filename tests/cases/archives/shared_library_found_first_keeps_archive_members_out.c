//@ shared: libs.so s.o
//@ ar: liba.a a.o
//@ link: shared_library_found_first_keeps_archive_members_out.o libs.so liba.a
//@ expect: dynsym f UND
//@ out: shared
#include <stdio.h>
const char *f(void);
int main(void) {
    puts(f());
    return 0;
}
//@ file: s.c -fPIC
const char *f(void) { return "shared"; }
//@ file: a.c
const char *f(void) { return "archive"; }
