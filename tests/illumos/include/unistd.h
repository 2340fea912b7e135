#ifndef _UNISTD_H
#define _UNISTD_H
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
long write(int, const void *, size_t);
void _exit(int) __attribute__((noreturn));
#ifdef __cplusplus
}
#endif
#endif
