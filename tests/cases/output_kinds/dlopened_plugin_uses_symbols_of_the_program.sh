cat >plug.c <<'X'
extern int host_value;
int host(int);
int plug(void) { return host(host_value); }
X
cat >main.c <<'X'
#include <dlfcn.h>
#include <stdio.h>
int host_value = 20;
int host(int x) { return x + 1; }
int main(void) {
    void *lib = dlopen("./plug.so", RTLD_NOW);
    if (!lib) return puts(dlerror());
    printf("%d\n", ((int (*)(void))dlsym(lib, "plug"))());
}
X
$CC -fPIC -c plug.c
$CC -c main.c
"$WCC" -shared plug.o -o plug.so
"$WCC" main.o -rdynamic -o main -ldl
[ "$(./main)" = 21 ]
