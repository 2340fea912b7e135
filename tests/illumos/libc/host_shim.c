/* What the host's libsupc++.a and libgcc_eh.a expect of glibc and illumos' libc.so.1 does not have. */
#include <link.h>
#include <stdarg.h>
#include <stdio.h>
#undef stderr
FILE *stderr = &__iob[2];
char __libc_single_threaded = 1;
long syscall(long n, ...) { return (void)n, -1; }
int __pthread_key_create(unsigned *key, void (*f)(void *)) {
    extern int pthread_key_create(unsigned *, void (*)(void *));
    return pthread_key_create(key, f);
}

/* glibc 2.35's quick way to an unwind table, by the way illumos has. */
struct dl_find_object {
    unsigned long long flags;
    void *start, *end, *link_map, *eh_frame;
    unsigned long long reserved[7];
};
struct query {
    unsigned long pc;
    struct dl_find_object *result;
};
struct phdr {
    unsigned type, flags;
    unsigned long offset, vaddr, paddr, filesz, memsz, align;
};
static int visit(struct dl_phdr_info *info, size_t size, void *arg) {
    struct query *q = arg;
    const struct phdr *p = info->dlpi_phdr;
    int inside = 0;
    (void)size;
    q->result->eh_frame = 0;
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        unsigned long at = info->dlpi_addr + p[i].vaddr;
        if (p[i].type == 1 && q->pc >= at && q->pc < at + p[i].memsz) {
            inside = 1;
            q->result->start = (void *)at;
            q->result->end = (void *)(at + p[i].memsz);
        }
        if (p[i].type == 0x6474e550)
            q->result->eh_frame = (void *)at;
    }
    return inside && q->result->eh_frame;
}
int _dl_find_object(void *pc, struct dl_find_object *result) {
    struct query q = {(unsigned long)pc, result};
    result->flags = 0;
    result->link_map = 0;
    return dl_iterate_phdr(visit, &q) ? 0 : -1;
}
