//@ variant: pie -pie | -fPIE
//@ variant: no-pie -no-pie | -fno-pie
//@ variant: static -static
//@ variant: static-pie -static-pie | -fPIE
//@ cflags: -pthread
//@ out: 1 2 0
#include <pthread.h>
#include <stdio.h>
static __thread int a = 1;
__thread int b = 2;
__thread char zero[100];
static void *other(void *p) { return (void *)(long)(a + b + zero[3]); }
int main(void) {
    pthread_t t;
    void *r;
    a = 1;
    printf("%d %d %d\n", a, b, zero[99]);
    pthread_create(&t, 0, other, 0);
    pthread_join(t, &r);
    return (long)r != 3;
}
