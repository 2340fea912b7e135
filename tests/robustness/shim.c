/* Makes a program's disk fail, by LD_PRELOAD: WCC_SHIM=eio:N lets N writes to regular files through and fails the rest
   with EIO; short: every write to a regular file takes one byte less than half of what it is given; eintr: every second
   one is interrupted. Catches the C library's calls only, which all linkers of the comparison use. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int left = -1, kind, calls; /* kind: 1 eio, 2 short, 3 eintr */

__attribute__((constructor)) static void start(void) {
    const char *s = getenv("WCC_SHIM");
    if (!s) return;
    if (!strncmp(s, "eio:", 4)) { kind = 1; left = atoi(s + 4); }
    if (!strcmp(s, "short")) kind = 2;
    if (!strcmp(s, "eintr")) kind = 3;
}

static int regular(int fd) {
    struct stat st;
    return fd > 2 && !fstat(fd, &st) && S_ISREG(st.st_mode);
}

/* How many of `n` bytes may be written; -1 with errno set. */
static ssize_t allowed(int fd, size_t n) {
    if (!kind || !regular(fd)) return (ssize_t)n;
    if (kind == 1 && __atomic_sub_fetch(&left, 1, __ATOMIC_SEQ_CST) < 0) { errno = EIO; return -1; }
    if (kind == 2 && n > 2) return (ssize_t)(n / 2 - (n > 4));
    if (kind == 3 && __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST) % 2) { errno = EINTR; return -1; }
    return (ssize_t)n;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *p, size_t n) {
    ssize_t k = allowed(fd, n);
    return k < 0 ? k : REAL(write)(fd, p, (size_t)k);
}
ssize_t pwrite(int fd, const void *p, size_t n, off_t at) {
    ssize_t k = allowed(fd, n);
    return k < 0 ? k : REAL(pwrite)(fd, p, (size_t)k, at);
}
ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at) {
    ssize_t k = allowed(fd, n);
    return k < 0 ? k : REAL(pwrite64)(fd, p, (size_t)k, at);
}
ssize_t writev(int fd, const struct iovec *v, int n) {
    if (!kind || !regular(fd) || n < 1) return REAL(writev)(fd, v, n);
    return write(fd, v[0].iov_base, v[0].iov_len);
}
int ftruncate(int fd, off_t size) {
    if (kind == 1 && left <= 0 && regular(fd)) { errno = EIO; return -1; }
    return REAL(ftruncate)(fd, size);
}
int ftruncate64(int fd, off64_t size) {
    if (kind == 1 && left <= 0 && regular(fd)) { errno = EIO; return -1; }
    return REAL(ftruncate64)(fd, size);
}
