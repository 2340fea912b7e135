//@ args: -shared
//@ cflags: -fPIC
//@ no-run:
//@ expect: no dynsym __init_array_start
//@ expect: no dynsym _GLOBAL_OFFSET_TABLE_
//@ expect: no dynsym _DYNAMIC
extern void (*__init_array_start[])(void) __attribute__((visibility("hidden"), weak));
void *f(void) { return __init_array_start; }
