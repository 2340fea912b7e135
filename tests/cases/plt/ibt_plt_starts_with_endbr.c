//@ variant: lazy -Wl,-z,lazy,-z,ibtplt
//@ variant: now -Wl,-z,now,-z,ibtplt
//@ shared: libf.so f.o
//@ args: libf.so
//@ expect: section .plt.sec
//@ out: 3
#include <stdio.h>
int f(int);
int main(void) {
    printf("%d\n", f(2));
    return 0;
}
//@ file: f.c -fPIC
int f(int x) { return x + 1; }
