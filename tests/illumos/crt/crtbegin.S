/* GCC's crtbegin.o (and crtbeginS.o with -DSHARED), without its tables. */
    .data
    .globl  __dso_handle
    .hidden __dso_handle
    .type   __dso_handle, @object
    .size   __dso_handle, 8
    .balign 8
__dso_handle:
#ifdef SHARED
    .quad   __dso_handle
#else
    .quad   0
#endif
