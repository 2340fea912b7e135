//@ args: -no-pie
//@ cflags: -fno-pie
//@ shared: libd.so d.o
//@ args: libd.so
//@ expect: dynsym name DEF
//@ expect: dynsym __name DEF
//@ expect: same name __name
//@ allow: relocs=R_X86_64_COPY data-pointer
//@ out: 9
#include <stdio.h>
extern int name;
int get(void);
int main(void) {
    name = 9;
    printf("%d\n", get());
    return 0;
}
//@ file: d.c -fPIC
int __name = 1;
extern int name __attribute__((weak, alias("__name")));
int get(void) { return __name; }
