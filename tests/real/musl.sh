# musl: a C library that is its own run-time linker and relocates itself before anything else works; programs linked with it.
debian_source musl
prefix=$PWD/installed
./configure --prefix="$prefix" --syslibdir="$prefix/lib" >/dev/null
make -s -j"$JOBS"
make -s install
{ "$prefix/lib/libc.so" 2>&1 || true; } | grep '^musl libc (x86_64)$'
cat >prog.c <<'X'
#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
__thread int n = 40;
static void *add(void *p) { n += *(int *)p; return (void *)(long)n; }
int main(int argc, char **argv) {
    int two = argc + 1;
    void *r;
    pthread_t t;
    pthread_create(&t, 0, add, &two);
    pthread_join(t, &r);
    printf("%ld %d %g %d\n", (long)r, n, sqrt(4.0 * argc), dlsym(RTLD_DEFAULT, "puts") == (void *)puts);
    return 0;
}
X
for options in '' -static '-no-pie -fno-pie'; do
    "$prefix/bin/musl-gcc" $options prog.c -o prog
    [ "$(./prog)" = "42 40 2 $([ "$options" = -static ] && echo 0 || echo 1)" ]
done
record "tests: the library by itself, three programs"
linked_by_wcc "$prefix" prog
