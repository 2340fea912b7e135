# gcc's and clang's intermediate code, with a native object: what nobody uses is gone, what the native object uses stays.
cat >main.c <<'X'
#include <stdio.h>
int twice(int); int native(int);
int used_by_native(int x) { return x + 100; }
int dead(int x) { return twice(x) * 3; }
int main(void) { printf("%d %d\n", twice(21), native(1)); return 0; }
X
echo 'int twice(int x) { return 2 * x; }' >twice.c
echo 'int used_by_native(int); int native(int x) { return used_by_native(x) + 1; }' >native.c
check() {
    [ "$("$1")" = "42 102" ]
    nm "$1" >names
    grep -q ' used_by_native$' names
    must_fail grep -q ' dead$' names
}
one() {
    export WCC_CC=$1
    mode=$2
    "$1" -O2 $mode -c main.c twice.c
    "$1" -O2 -c native.c
    "$WCC" -O2 $mode main.o twice.o native.o -o driver
    check ./driver
    "$WCC" -O2 main.o twice.o native.o -o without_option
    check ./without_option
    "$WCC" -O2 $mode main.c twice.c -v native.c -o sources 2>said
    ./sources >/dev/null
    grep -q 'linking with the embedded linker' said
    "$1" -O2 $mode -B "$AS_LD" main.o twice.o native.o -o compiler
    check ./compiler
    for threads in 1 4; do
        "$WCC" -O2 $mode main.o twice.o native.o -Wl,--threads=$threads -o again
        cmp driver again
    done
}
one gcc -flto
one gcc -flto=auto
if command -v clang-19 && [ -e /usr/lib/llvm-19/lib/LLVMgold.so ]; then
    one clang-19 -flto
    one clang-19 -flto=thin
    # Both kinds in one link: each is outside for the other.
    gcc -O2 -flto -c main.c
    clang-19 -O2 -flto -c twice.c
    "$WCC" main.o twice.o native.o -o both
    [ "$(./both)" = "42 102" ]
fi
