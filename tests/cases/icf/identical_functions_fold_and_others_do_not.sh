cat >a.c <<'X'
#include <stdio.h>
extern int x, y;
int get_x(void) { return x + 1; }
int also_x(void) { return x + 1; }
int get_y(void) { return y + 1; }
static __attribute__((noinline)) int deep1(int n) { return n ? deep1(n - 1) * 3 : x; }
static __attribute__((noinline)) int deep2(int n) { return n ? deep2(n - 1) * 3 : x; }
int call1(int n) { return deep1(n) + 5; }
int call2(int n) { return deep2(n) + 5; }
const char *word1(void) { return "a word"; }
const char *word2(void) { return "a word"; }
const char *word3(void) { return "another"; }
int main(void) {
    printf("%d %d %d %d %d %s %s %s\n", get_x(), also_x(), get_y(), call1(2), call2(2), word1(), word2(), word3());
}
X
printf 'int x = 1, y = 2;\n' >b.c
at() { nm "$1" | sed -n "s/ [tT] $2\$//p"; }
for fpic in -fno-pie -fpie; do
    $CC -O1 -fno-optimize-sibling-calls -fno-ipa-icf $fpic -ffunction-sections -c a.c
    $CC -c $fpic b.c
    pie=$([ "$fpic" = -fpie ] && echo -pie || echo -no-pie)
    for icf in all safe; do
        $WCC $pie a.o b.o -o out -Wl,--icf=$icf,--print-icf-sections >log
        [ "$(./out)" = "2 2 3 14 14 a word a word another" ]
        [ "$(at out get_x)" = "$(at out also_x)" ]
        [ "$(at out get_x)" != "$(at out get_y)" ]
        [ "$(at out deep1)" = "$(at out deep2)" ]
        [ "$(at out call1)" = "$(at out call2)" ]
        [ "$(at out word1)" = "$(at out word2)" ]
        [ "$(at out word1)" != "$(at out word3)" ]
        grep -q 'selected section a.o:(.text.get_x)' log
        grep -q '  removing identical section a.o:(.text.also_x)' log
    done
    $WCC $pie a.o b.o -o out -Wl,--icf=all,--keep-unique=also_x,--threads=4
    [ "$(at out get_x)" != "$(at out also_x)" ]
    $WCC $pie a.o b.o -o out -Wl,--icf=none
    [ "$(at out get_x)" != "$(at out also_x)" ]
done
$WCC -no-pie a.o b.o -o out -Wl,--icf=all,--keep-unique=nothing 2>err || true
grep -q 'could not find symbol nothing to keep unique' err
