# The rules between weak, strong and common definitions are the same whatever holds them.
cat >main.c <<'X'
#include <stdio.h>
int choice(void); extern int shared_common[8]; int maybe(void) __attribute__((weak));
int main(void) { printf("%s %d %d\n", choice() ? "strong" : "weak", shared_common[7], maybe ? maybe() : -1); return 0; }
X
echo '__attribute__((weak, noinline)) int choice(void) { return 0; } int shared_common[2];' >weak.c
echo 'int choice(void) { return 1; } int shared_common[8];' >strong.c
echo 'int maybe(void) { return 5; }' >maybe.c
one() {
    export WCC_CC=$1
    for kinds in "-flto -flto" "-flto -fno-lto" "-fno-lto -flto" "-fno-lto -fno-lto"; do
        set -- $kinds
        "$WCC_CC" -O2 -flto -c main.c
        "$WCC_CC" -O2 $1 -fcommon -c weak.c
        "$WCC_CC" -O2 $2 -fcommon -c strong.c maybe.c
        for order in "weak.o strong.o" "strong.o weak.o"; do
            "$WCC" -O2 main.o $order -o prog
            [ "$(./prog)" = "strong 0 -1" ]
            "$WCC" -O2 main.o $order maybe.o -o prog
            [ "$(./prog)" = "strong 0 5" ]
        done
        must_fail "$WCC" -O2 main.o strong.o strong.o -o prog 2>said
        grep -q 'duplicate symbol: choice' said
    done
}
one gcc
if command -v clang-19 && [ -e /usr/lib/llvm-19/lib/LLVMgold.so ]; then
    one clang-19
fi
