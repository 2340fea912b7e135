//@ args: -no-pie -Wl,--defsym=alias=f,--defsym=number=0x1234,--defsym,later=alias+1
//@ cflags: -fno-pie
//@ allow: symtab-symbol=later
//@ out: 7 0x1234 1
#include <stdio.h>
int alias(void);
extern char number[], later[];
int f(void) { return 7; }
int main(void) {
    printf("%d %p %d\n", alias(), (void *)number, (int)(later - (char *)f));
    return 0;
}
