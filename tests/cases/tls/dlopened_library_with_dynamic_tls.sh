cat >lib.c <<'X'
__thread int counter = 10;
int bump(void) { return ++counter; }
X
cat >main.c <<'X'
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
int (*bump)(void);
static void *other(void *p) { printf("%d ", bump()); return 0; }
int main(void) {
    void *lib = dlopen("./lib.so", RTLD_NOW);
    if (!lib) return puts(dlerror());
    bump = (int (*)(void))dlsym(lib, "bump");
    printf("%d ", bump());
    fflush(stdout);
    pthread_t t;
    pthread_create(&t, 0, other, 0);
    pthread_join(t, 0);
    printf("%d\n", bump());
}
X
for dialect in gnu gnu2; do
    gcc -fPIC -mtls-dialect=$dialect -O1 -c lib.c
    $CC -O1 -c main.c
    $CC -B"$AS_LD" -shared lib.o -o lib.so
    $CC -B"$AS_LD" main.o -o main -ldl -lpthread
    "$LINKDIFF" --check lib.so main
    [ "$(./main)" = "11 11 12" ]
done
