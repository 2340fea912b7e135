cat > a.c <<'S'
#include <stdlib.h>
typedef int F(int);
__attribute__((noinline)) static int called_static(int x) { return x + 1; }
__attribute__((noinline)) int called(int x) { return called_static(x) * 2; }
__attribute__((noinline)) static int by_pointer_static(int x) { return x - 1; }
int by_pointer(int x) { return x - 2; }
int in_table(int x) { return x - 3; }
int started;
F *table[] = {in_table};
static int order(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
__attribute__((constructor)) void at_start(void) { *(volatile int *)&started = called(1); }
static int resolved(int x) { return x; }
static F *resolve(void) { return resolved; }
int indirect(int x) __attribute__((ifunc("resolve")));
int apply(F *f, int x) { return f(x); }
int main(void) {
    int v[2] = {2, 1};
    qsort(v, 2, sizeof v[0], order);
    return called(1) + apply(by_pointer_static, 2) + apply(by_pointer, 2) + table[0](3) + indirect(0) + v[0] - 6;
}
S
has_endbr() { objdump -d --disassemble="$2" "$1" | grep -q endbr64; }
for kind in -no-pie -pie -static; do
    "$CC" -c -O1 -fcf-protection=branch -fno-inline -fno-ipa-ra a.c -o a.o
    "$WCC" $kind a.o -o plain
    has_endbr plain called
    "$WCC" $kind a.o -o a -Wl,-z,rewrite-endbr
    ./a
    for f in by_pointer_static by_pointer in_table order at_start resolve resolved; do
        has_endbr a $f || { echo "$kind: $f lost its ENDBR64"; exit 1; }
    done
    for f in called apply; do
        must_fail has_endbr a $f
    done
done
# What a library exports may be called by pointer.
"$CC" -c -O1 -fPIC -fcf-protection=branch a.c -o a.o
"$WCC" -shared a.o -o a.so -Wl,-z,rewrite-endbr
has_endbr a.so called
