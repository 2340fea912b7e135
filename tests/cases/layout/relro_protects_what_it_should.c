//@ args: -Wl,-z,now,-z,relro
//@ cflags: -fPIE
//@ out: fault
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
static int target;
int *const pointer = &target;
static sigjmp_buf back;
static void on_fault(int n) { siglongjmp(back, 1); }
int main(void) {
    signal(SIGSEGV, on_fault);
    if (sigsetjmp(back, 1)) {
        puts("fault");
        return 0;
    }
    *(int *volatile *)&pointer = 0;
    puts("written");
    return 1;
}
