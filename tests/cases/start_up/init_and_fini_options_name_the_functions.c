//@ shared: libi.so i.o -Wl,-init,my_init,-fini,my_fini
//@ args: -Wl,--no-as-needed libi.so
//@ out: init main fini
#include <stdio.h>
int main(void) {
    printf("main ");
    return 0;
}
//@ file: i.c -fPIC
#include <stdio.h>
void my_init(void) { printf("init "); }
void my_fini(void) { puts("fini"); }
