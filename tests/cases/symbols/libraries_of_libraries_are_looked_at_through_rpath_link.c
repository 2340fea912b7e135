//@ shared: dir/libinner.so inner.o -Wl,-soname,libinner.so
//@ shared: libouter.so outer.o dir/libinner.so
//@ args: libouter.so -Wl,-rpath-link,dir -Wl,-rpath,$ORIGIN/dir,--disable-new-dtags
//@ out: 4
#include <stdio.h>
int outer(void);
int main(void) {
    printf("%d\n", outer());
    return 0;
}
//@ file: dir/.keep
.
//@ file: outer.c -fPIC
int inner(void);
int outer(void) { return inner() + 1; }
//@ file: inner.c -fPIC
int inner(void) { return 3; }
