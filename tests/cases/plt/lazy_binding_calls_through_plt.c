//@ variant: lazy -Wl,-z,lazy
//@ variant: now -Wl,-z,now
//@ variant: no-pie -no-pie -Wl,-z,lazy | -fno-pie
//@ shared: libf.so f.o
//@ args: libf.so
//@ expect: reloc R_X86_64_JUMP_SLOT f
//@ allow: dynamic-tags=DT_INIT
//@ out: 3 3
#include <stdio.h>
int f(int);
int main(void) {
    printf("%d ", f(2));
    printf("%d\n", f(2));
    return 0;
}
//@ file: f.c -fPIC
int f(int x) { return x + 1; }
