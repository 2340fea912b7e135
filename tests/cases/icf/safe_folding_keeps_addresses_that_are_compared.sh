cat >a.c <<'X'
#include <stdio.h>
int taken1(void) { return 7; }
int taken2(void) { return 7; }
__attribute__((noinline)) int called1(int n) { return n * 11; }
__attribute__((noinline)) int called2(int n) { return n * 11; }
int (*volatile one)(void) = taken1, (*volatile two)(void) = taken2;
int main(int argc, char **argv) { printf("%d %d\n", one == two, called1(argc) == called2(argc)); }
X
at() { nm out | sed -n "s/ [tT] $1\$//p"; }
for cc in "$CC" clang-19; do
    command -v ${cc%% *} >/dev/null || continue
    $cc -O1 -fno-ipa-icf -ffunction-sections -c a.c 2>/dev/null || $cc -O1 -ffunction-sections -c a.c
    $WCC a.o -o out -Wl,--icf=safe
    [ "$(./out)" = "0 1" ]
    [ "$(at taken1)" != "$(at taken2)" ]
    [ "$(at called1)" = "$(at called2)" ]
    $WCC a.o -o out -Wl,--icf=all
    [ "$(./out)" = "1 1" ]
    # Functions that a shared library exports may be compared elsewhere.
    $cc -O1 -fPIC -ffunction-sections -c a.c -o pic.o
    $WCC -shared pic.o -o out -Wl,--icf=safe
    [ "$(at called1)" != "$(at called2)" ]
done
