//@ variant: plain
//@ variant: now -Wl,-z,now
//@ variant: pie-gnu-only -pie | -fpie
//@ variant: static-code | -fno-pic
//@ args: -lpthread
//@ expect: dynsym dl_iterate_phdr UND
//@ expect-wcc: no symbol dl_iterate_phdr ABS
//@ allow: relocs=dl_iterate_phdr
//@ out: 2 objects
//@ out: 2 objects
//@ out: same 1 1
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
int pthread_mutex_lock(void *);
static int count(struct dl_phdr_info *info, size_t size, void *n) {
    if (info->dlpi_phnum)
        ++*(int *)n;
    return 0;
}
typedef int (*iterate)(int (*)(struct dl_phdr_info *, size_t, void *), void *);
// A 64-bit word of data, and in the code a reference by the GOT or directly.
iterate in_data = dl_iterate_phdr;
int main(void) {
    int n = 0, m = 0;
    dl_iterate_phdr(count, &n);
    printf("%d objects\n", n > 1 ? 2 : n);
    in_data(count, &m);
    printf("%d objects\n", m > 1 ? 2 : m);
    iterate in_code = dl_iterate_phdr;
    __asm__("" : "+r"(in_code));
    printf("same %d %d\n", in_code == in_data, dlsym(RTLD_DEFAULT, "puts") == (void *)puts);
    return pthread_mutex_lock(0);
}
