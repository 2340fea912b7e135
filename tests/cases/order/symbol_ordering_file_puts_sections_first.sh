cat >a.c <<'X'
int a(void) { return 1; }
int b(void) { return 2; }
int c(void) { return 3; }
static __attribute__((noinline)) int d(int x) { return x * 4; }
int e(void) { return d(5); }
int va = 1, vb = 2, vc = 3;
int main(void) { return a() + b() + c() + e() - 26; }
X
$CC -O1 -ffunction-sections -fdata-sections -c a.c
order() { nm -n "$1" | sed -nE "s/.* ([TtDd]) ($2)\$/\2/p" | tr '\n' ' '; }
printf '# a comment\nc\nd\nvc\n\nva\na\n' >list
$WCC a.o -o out -Wl,--symbol-ordering-file=list 2>err
[ ! -s err ]
[ "$(order out '[a-e]')" = "c d a b e " ]
[ "$(order out 'v[a-c]')" = "vc va vb " ]
./out
# Names that order nothing are warned about, unless that is not wanted.
printf 'c\nmissing\nc\nabs\nputs\n' >list
$WCC a.o -o out -Wl,--symbol-ordering-file=list,--defsym=abs=5 2>err
grep -q 'symbol ordering file: no such symbol: missing' err
grep -q 'c is listed more than once' err
$WCC a.o -o out -Wl,--symbol-ordering-file=list,--defsym=abs=5,--no-warn-symbol-ordering 2>err
[ ! -s err ]
must_fail $WCC a.o -o out -Wl,--symbol-ordering-file=no-such-file 2>err
grep -q no-such-file err
