//@ ar: libd.a d.o
//@ cflags: -fcommon
//@ args: libd.a -Wl,--no-fortran-common
//@ ref: lld
//@ needs: lld
//@ allow: segments notes
//@ out: 0
#include <stdio.h>
int both;
int main(void) {
    printf("%d\n", both);
    return 0;
}
//@ file: d.c
int both = 5;
