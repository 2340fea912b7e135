/* A libc.so.1 for tests: illumos' names and versions, Linux' system calls. Just enough for the cases. */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long call3(long n, long a, long b, long c) {
    long r;
    __asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return r;
}

long write(int fd, const void *p, size_t n) { return call3(1, fd, (long)p, (long)n); }
void _exit(int status) {
    for (;;)
        call3(231, status, 0, 0);
}
void abort(void) {
    call3(62, call3(39, 0, 0, 0), 6, 0);
    _exit(134);
}
static int error_number;
int *___errno(void) { return &error_number; }

/* The stack protector's word is data here, not a field of the thread. */
unsigned long __stack_chk_guard = 0x00aff123bc45de67;
void __stack_chk_fail(void) {
    write(2, "stack smashed\n", 14);
    abort();
}

/* exit */
struct handler {
    void (*f)(void *);
    void *arg, *dso;
};
static struct handler handlers[256];
static int handler_count;
int __cxa_atexit(void (*f)(void *), void *arg, void *dso) {
    if (handler_count == 256)
        return -1;
    handlers[handler_count++] = (struct handler){f, arg, dso};
    return 0;
}
int atexit(void (*f)(void)) { return __cxa_atexit((void (*)(void *))(size_t)f, 0, 0); }
void __cxa_finalize(void *dso) {
    for (int i = handler_count; i-- > 0;)
        if (handlers[i].f && (!dso || handlers[i].dso == dso)) {
            struct handler h = handlers[i];
            handlers[i].f = 0;
            h.f(h.arg);
        }
}
void exit(int status) {
    while (handler_count > 0) {
        struct handler h = handlers[--handler_count];
        if (h.f)
            h.f(h.arg);
    }
    _exit(status);
}

/* Memory: never given back. The size stands before each block. */
extern void *_ilx_heap(size_t);
static char *heap, *heap_end;
void *aligned_alloc(size_t align, size_t n) {
    if (align < 16)
        align = 16;
    char *p = (char *)(((size_t)heap + 16 + align - 1) & ~(align - 1));
    if (!heap || p + n > heap_end) {
        size_t more = n + align + (1 << 20);
        heap = _ilx_heap(more);
        heap_end = heap + more;
        p = (char *)(((size_t)heap + 16 + align - 1) & ~(align - 1));
    }
    heap = p + ((n + 15) & ~15ul);
    ((size_t *)p)[-1] = n;
    return p;
}
void *malloc(size_t n) { return aligned_alloc(16, n); }
void free(void *p) { (void)p; }
void *calloc(size_t n, size_t m) { return memset(malloc(n * m), 0, n * m); }
void *realloc(void *p, size_t n) {
    if (!p)
        return malloc(n);
    size_t old = ((size_t *)p)[-1];
    if (n <= old)
        return p;
    return memcpy(malloc(n), p, old);
}

/* Strings. Loops the compiler must not turn into calls of themselves. */
void *memcpy(void *to, const void *from, size_t n) {
    void *r = to;
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(n) : : "memory");
    return r;
}
void *memset(void *to, int c, size_t n) {
    void *r = to;
    __asm__ volatile("rep stosb" : "+D"(to), "+c"(n) : "a"(c) : "memory");
    return r;
}
void *memmove(void *to, const void *from, size_t n) {
    if (to <= from)
        return memcpy(to, from, n);
    for (volatile char *t = to; n-- > 0;)
        t[n] = ((const char *)from)[n];
    return to;
}
int memcmp(const void *a, const void *b, size_t n) {
    const unsigned char *p = a, *q = b;
    for (; n; n--, p++, q++)
        if (*p != *q)
            return *p - *q;
    return 0;
}
int bcmp(const void *a, const void *b, size_t n) { return memcmp(a, b, n); }
size_t strlen(const char *s) {
    const char volatile *p = s;
    while (*p)
        p++;
    return (size_t)(p - s);
}
int strcmp(const char *a, const char *b) {
    while (*a && *a == *b)
        a++, b++;
    return (unsigned char)*a - (unsigned char)*b;
}
int strncmp(const char *a, const char *b, size_t n) {
    for (; n && *a && *a == *b; n--)
        a++, b++;
    return n ? (unsigned char)*a - (unsigned char)*b : 0;
}
int atoi(const char *s) {
    int n = 0;
    while (*s >= '0' && *s <= '9')
        n = 10 * n + (*s++ - '0');
    return n;
}
/* crt1.o has the environment. */
extern char **_environ;
char *getenv(const char *name) {
    size_t n = strlen(name);
    for (char **e = _environ; e && *e; e++)
        if (!strncmp(*e, name, n) && (*e)[n] == '=')
            return *e + n + 1;
    return 0;
}

/* Output, unbuffered a line at a time. */
FILE __iob[3] = {{0}, {1}, {2}};
struct sink {
    char *to;
    size_t size, n;
};
static void put(struct sink *s, char c) {
    if (s->n + 1 < s->size)
        s->to[s->n] = c;
    s->n++;
}
static void put_number(struct sink *s, unsigned long v, unsigned base, int width, char pad, int negative) {
    char digits[32];
    int n = 0;
    do
        digits[n++] = "0123456789abcdef"[v % base];
    while ((v /= base));
    if (negative)
        digits[n++] = '-';
    for (int i = n; i < width; i++)
        put(s, pad);
    while (n)
        put(s, digits[--n]);
}
/* %d %i %u %x %ld %lu %lx %zu %p %s %c %%, %f with up to three decimals; widths, and 0 as padding. */
int vsnprintf(char *to, size_t size, const char *f, va_list args) {
    struct sink s = {to, size, 0};
    for (; *f; f++) {
        if (*f != '%') {
            put(&s, *f);
            continue;
        }
        char pad = ' ';
        int width = 0, is_long = 0;
        f++;
        if (*f == '0')
            pad = *f++;
        while (*f >= '0' && *f <= '9')
            width = 10 * width + (*f++ - '0');
        while (*f == 'l' || *f == 'z')
            is_long = 1, f++;
        if (*f == 'd' || *f == 'i') {
            long v = is_long ? va_arg(args, long) : va_arg(args, int);
            put_number(&s, v < 0 ? -(unsigned long)v : (unsigned long)v, 10, width, pad, v < 0);
        } else if (*f == 'u' || *f == 'x') {
            unsigned long v = is_long ? va_arg(args, unsigned long) : va_arg(args, unsigned);
            put_number(&s, v, *f == 'x' ? 16 : 10, width, pad, 0);
        } else if (*f == 'p') {
            put(&s, '0'), put(&s, 'x');
            put_number(&s, va_arg(args, unsigned long), 16, 0, pad, 0);
        } else if (*f == 'f') {
            double v = va_arg(args, double);
            int negative = v < 0;
            unsigned long milli = (unsigned long)((negative ? -v : v) * 1000 + 0.5);
            put_number(&s, milli / 1000, 10, width, pad, negative);
            put(&s, '.');
            put_number(&s, milli % 1000, 10, 3, '0', 0);
        } else if (*f == 's') {
            const char *p = va_arg(args, const char *);
            for (p = p ? p : "(null)"; *p; p++)
                put(&s, *p);
        } else if (*f == 'c') {
            put(&s, (char)va_arg(args, int));
        } else {
            put(&s, *f);
        }
    }
    if (size)
        to[s.n < size ? s.n : size - 1] = 0;
    return (int)s.n;
}
int snprintf(char *to, size_t size, const char *f, ...) {
    va_list args;
    va_start(args, f);
    int n = vsnprintf(to, size, f, args);
    va_end(args);
    return n;
}
int sprintf(char *to, const char *f, ...) {
    va_list args;
    va_start(args, f);
    int n = vsnprintf(to, 1 << 20, f, args);
    va_end(args);
    return n;
}
int fprintf(FILE *file, const char *f, ...) {
    char line[1024];
    va_list args;
    va_start(args, f);
    int n = vsnprintf(line, sizeof line, f, args);
    va_end(args);
    return (int)write(file->fd, line, (size_t)n < sizeof line ? (size_t)n : sizeof line - 1);
}
int printf(const char *f, ...) {
    char line[1024];
    va_list args;
    va_start(args, f);
    int n = vsnprintf(line, sizeof line, f, args);
    va_end(args);
    return (int)write(1, line, (size_t)n < sizeof line ? (size_t)n : sizeof line - 1);
}
size_t fwrite(const void *p, size_t size, size_t n, FILE *file) {
    write(file->fd, p, size * n);
    return n;
}
int fputs(const char *s, FILE *file) { return (int)write(file->fd, s, strlen(s)); }
int fputc(int c, FILE *file) {
    char byte = (char)c;
    return (int)write(file->fd, &byte, 1);
}
int putchar(int c) { return fputc(c, stdout); }
int puts(const char *s) { return fputs(s, stdout) + fputc('\n', stdout); }

/* Threads: one. */
int pthread_mutex_lock(void *m) { return (void)m, 0; }
int pthread_mutex_unlock(void *m) { return (void)m, 0; }
int pthread_once(int *once, void (*f)(void)) {
    if (!*once)
        *once = 1, f();
    return 0;
}
static void *keys[64];
static unsigned key_count;
int pthread_key_create(unsigned *key, void (*f)(void *)) { return (void)f, *key = key_count++, 0; }
void *pthread_getspecific(unsigned key) { return keys[key]; }
int pthread_setspecific(unsigned key, const void *value) { return keys[key] = (void *)value, 0; }
