#ifndef _DLFCN_H
#define _DLFCN_H
#ifdef __cplusplus
extern "C" {
#endif
void *dlsym(void *, const char *);
#define RTLD_DEFAULT ((void *)-2)
#ifdef __cplusplus
}
#endif
#endif
