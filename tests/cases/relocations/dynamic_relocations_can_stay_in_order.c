//@ args: -Wl,-z,nocombreloc
//@ expect: no dynamic RELACOUNT
//@ out: 3
//@ allow: *
#include <stdio.h>
static int a = 1, b = 2;
static int *table[] = {&a, &b};
extern char **environ;
static char ***other = &environ;
int main(void) {
    printf("%d\n", *table[0] + *table[1] + (other == 0));
    return 0;
}
