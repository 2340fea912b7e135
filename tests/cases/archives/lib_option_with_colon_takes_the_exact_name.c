//@ ar: odd.name x.o
//@ link: lib_option_with_colon_takes_the_exact_name.o -L. -l:odd.name
//@ out: 2
#include <stdio.h>
int x(void);
int main(void) {
    printf("%d\n", x());
    return 0;
}
//@ file: x.c
int x(void) { return 2; }
