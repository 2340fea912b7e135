//@ ar: liba.a a.o
//@ ar: libb.a b.o
//@ link: archive_nested_inside_a_script_group.o -L. -lboth
//@ out: 3
#include <stdio.h>
int a(void);
int a2(void) { return 1; }
int main(void) {
    printf("%d\n", a());
    return 0;
}
//@ file: libboth.a
/* GNU ld script */
GROUP ( liba.a libb.a )
//@ file: a.c
int b(void);
int a(void) { return 1 + b(); }
//@ file: b.c
int a2(void);
int b(void) { return 1 + a2(); }
