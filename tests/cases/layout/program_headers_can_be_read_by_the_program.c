//@ variant: pie -pie | -fPIE
//@ variant: no-pie -no-pie | -fno-pie
//@ variant: static -static
//@ variant: static-pie -static-pie | -fPIE
//@ out: found
#define _GNU_SOURCE
#include <link.h>
#include <stdio.h>
#include <stdint.h>
static int seen;
static int each(struct dl_phdr_info *info, size_t size, void *p) {
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *h = &info->dlpi_phdr[i];
        uintptr_t start = info->dlpi_addr + h->p_vaddr;
        if (h->p_type == PT_LOAD && (uintptr_t)each >= start && (uintptr_t)each < start + h->p_memsz)
            seen++;
    }
    return 0;
}
int main(void) {
    dl_iterate_phdr(each, 0);
    puts(seen == 1 ? "found" : "lost");
    return 0;
}
