# Members of archives, thin archives and --start-lib are IR: those needed are compiled, the others are not linked.
cat >main.c <<'X'
#include <stdio.h>
int first(void);
int main(void) { printf("%d\n", first()); return 0; }
X
echo 'int second(void); int first(void) { return second() + 1; }' >first.c
echo 'extern int native; int second(void) { return native * 10; }' >second.c
echo 'int native = 4; int unused_too;' >native.c
echo 'int missing(void); int unneeded(void) { return missing(); }' >unneeded.c
one() {
    export WCC_CC=$1
    ar=$2
    "$1" -O2 -flto -c main.c first.c second.c unneeded.c
    "$1" -O2 -c native.c
    rm -f libx.a libthin.a
    "$ar" rcs libx.a unneeded.o native.o second.o first.o
    "$ar" rcsT libthin.a unneeded.o native.o second.o first.o
    for how in "libx.a" "-L. -lx" "libthin.a" \
        "-Wl,--start-lib unneeded.o native.o second.o first.o -Wl,--end-lib"; do
        "$WCC" -O2 main.o $how -o prog
        [ "$(./prog)" = 41 ]
        must_fail sh -c 'nm prog | grep unneeded'
    done
    # All members are compiled; what nobody calls is gone before anybody misses something.
    "$WCC" main.o -Wl,--whole-archive libx.a -Wl,--no-whole-archive -o whole
    [ "$(./whole)" = 41 ]
}
one gcc gcc-ar
if command -v clang-19 && command -v llvm-ar-19 && [ -e /usr/lib/llvm-19/lib/LLVMgold.so ]; then
    one clang-19 llvm-ar-19
fi
