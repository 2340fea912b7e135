#ifndef _LINK_H
#define _LINK_H
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
struct dl_phdr_info {
    unsigned long dlpi_addr;
    const char *dlpi_name;
    const void *dlpi_phdr;
    unsigned short dlpi_phnum;
    unsigned long long dlpi_adds, dlpi_subs;
};
int dl_iterate_phdr(int (*)(struct dl_phdr_info *, size_t, void *), void *);
#ifdef __cplusplus
}
#endif
#endif
