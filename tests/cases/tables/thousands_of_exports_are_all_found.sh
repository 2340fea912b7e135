i=0
while [ $i -lt 3000 ]; do echo "int function_number_$i(void) { return $i; }"; i=$((i + 1)); done >lib.c
cat >main.c <<'X'
#include <dlfcn.h>
#include <stdio.h>
int main(void) {
    void *lib = dlopen("./lib.so", RTLD_NOW);
    char name[64];
    if (!lib) return puts(dlerror());
    for (int i = 0; i < 3000; i++) {
        sprintf(name, "function_number_%d", i);
        int (*f)(void) = (int (*)(void))dlsym(lib, name);
        if (!f || f() != i) return 1;
    }
    for (int i = 3000; i < 3100; i++) {
        sprintf(name, "function_number_%d", i);
        if (dlsym(lib, name)) return 1;
    }
    puts("all found");
}
X
$CC -fPIC -O0 -c lib.c
$CC -c main.c
$CC -B"$AS_LD" main.o -o main -ldl
for style in gnu sysv both; do
    $CC -B"$AS_LD" -shared lib.o -o lib.so -Wl,--hash-style=$style
    "$LINKDIFF" --check lib.so
    [ "$(./main)" = "all found" ]
done
