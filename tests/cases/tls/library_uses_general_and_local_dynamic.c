//@ cflags: -fPIC
//@ shared: libt.so t.o l.o
//@ link: library_uses_general_and_local_dynamic.o libt.so -pthread
//@ expect libt.so: reloc R_X86_64_DTPMOD64
//@ expect libt.so: reloc R_X86_64_DTPOFF64 global
//@ out: 7 30 7 30
#include <pthread.h>
#include <stdio.h>
int get(void), sum(void), set(int);
static void *other(void *p) {
    printf("%d %d\n", get(), sum());
    return 0;
}
int main(void) {
    pthread_t t;
    printf("%d %d ", get(), sum());
    fflush(stdout);
    set(99);
    pthread_create(&t, 0, other, 0);
    pthread_join(t, 0);
    return get() != 99;
}
//@ file: t.c -ftls-model=global-dynamic
__thread int global = 7;
int get(void) { return global; }
void set(int x) { global = x; }
//@ file: l.c -ftls-model=local-dynamic
static __thread int a = 10, b = 20;
int sum(void) { return a + b; }
