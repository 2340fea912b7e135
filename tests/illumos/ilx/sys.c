/* System calls of Linux, messages, memory. */
#include "ilx.h"

enum { SYS_write = 1, SYS_open = 2, SYS_lseek = 8, SYS_mmap = 9, SYS_mprotect = 10, SYS_pread = 17, SYS_exit_group = 231 };
int tracing;

long sys(long n, long a, long b, long c, long d, long e, long f) {
    long r;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(r)
                     : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return r;
}

size_t length(const char *s) {
    size_t n = 0;
    while (s[n])
        n++;
    return n;
}
int same(const char *a, const char *b) {
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}
void copy(void *to, const void *from, size_t n) {
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(n) : : "memory");
}
/* The compiler may call it for structure assignments. */
void *memcpy(void *to, const void *from, size_t n) { return copy(to, from, n), to; }
void *memset(void *to, int c, size_t n) {
    void *r = to;
    __asm__ volatile("rep stosb" : "+D"(to), "+c"(n) : "a"(c) : "memory");
    return r;
}

static void say(const char *text) { sys(SYS_write, 2, (long)text, (long)length(text), 0, 0, 0); }
static _Noreturn void end(int status) {
    for (;;)
        sys(SYS_exit_group, status, 0, 0, 0, 0, 0);
}
void trace(const char *a, const char *b, const char *c) {
    if (!tracing)
        return;
    say("ilx: "), say(a), say(b), say(c), say("\n");
}

/* The kernel says nothing; the model does. */
_Noreturn void killed(const char *rule, const char *what) {
    say("ilx: killed by the kernel: "), say(rule), say(": "), say(what), say("\n");
    end(137);
}
_Noreturn void fatal(const char *object, const char *rule, const char *what, const char *name) {
    say("ld.so.1: "), say(object), say(": fatal: "), say(rule), say(": "), say(what);
    if (name[0])
        say(": "), say(name);
    say("\n");
    end(126);
}

unsigned char *read_file(const char *path, size_t *size) {
    long fd = sys(SYS_open, (long)path, 0, 0, 0, 0, 0);
    if (fd < 0)
        return 0;
    long n = sys(SYS_lseek, fd, 0, 2, 0, 0, 0);
    unsigned char *p = memory(0, (u64)n + 1);
    sys(SYS_pread, fd, (long)p, n, 0, 0, 0);
    *size = (size_t)n;
    return p;
}
/* Anonymous, private, readable and writable; fixed when `at` is not 0. */
void *memory(u64 at, u64 size) {
    long p = sys(SYS_mmap, (long)at, (long)size, 3, at ? 0x32 : 0x22, -1, 0);
    if (p < 0 && p > -4096)
        killed("K17", "the address range cannot be mapped");
    return (void *)p;
}
void protect(u64 at, u64 size, int f) {
    int prot = (f & PF_R ? 1 : 0) | (f & PF_W ? 2 : 0) | (f & PF_X ? 4 : 0);
    sys(SYS_mprotect, (long)DOWN(at), (long)(UP(at + size) - DOWN(at)), prot, 0, 0, 0);
}
