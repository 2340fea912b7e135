//@ variant: pie -pie | -fPIE
//@ variant: no-pie -no-pie | -fno-pie
//@ out: ordered
//@ expect: same etext _etext
//@ expect: same etext __etext
//@ expect: same edata _edata
//@ expect: same end _end
#include <stdio.h>
extern char __executable_start, etext, _etext, __etext, edata, _edata, __bss_start, end, _end;
int data = 5;
int bss[100];
/* Through volatile memory: a compiler may not reason about the order of unrelated objects. */
char *volatile code = (char *)&etext, *volatile start = &__executable_start;
int main(void) {
    char *volatile list[] = {start, (char *)main, code, &_etext, &__etext, (char *)&data, &edata, &_edata, &__bss_start, (char *)bss, (char *)(bss + 100), &end, &_end};
    int ok = 1;
    for (unsigned i = 0; i + 1 < sizeof list / sizeof *list; i++)
        ok = ok && list[i] <= list[i + 1];
    puts(ok ? "ordered" : "not ordered");
    return 0;
}
