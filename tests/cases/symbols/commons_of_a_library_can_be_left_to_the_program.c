//@ shared: libl.so l.o -Wl,--no-define-common
//@ args: libl.so
//@ expect libl.so: dynsym shared_one UND
//@ ref: none
//@ out: 5
#include <stdio.h>
int shared_one;
void set(void);
int main(void) {
    set();
    printf("%d\n", shared_one);
    return 0;
}
//@ file: l.c -fPIC -fcommon
int shared_one;
void set(void) { shared_one = 5; }
