echo 'int f(void); int main(void) { return f(); }' >a.c
echo 'int g(void); int f(void) { return g(); }' >f.c
echo 'int g(void) { return 0; }' >g.c
echo 'int h(void) { return 0; }' >h.c
$CC -c a.c f.c g.c h.c
ar rcs lib.a f.o g.o h.o
$CC -B"$AS_LD" a.o lib.a -Wl,--why-extract=why,--print-archive-stats=stats,--print-dependencies -o out >uses
[ "$(head -1 why)" = "reference	extracted	symbol" ]
grep -q '^a\.o	lib\.a(f\.o)	f$' why
grep -q '^lib\.a(f\.o)	lib\.a(g\.o)	g$' why
must_fail grep -q 'h\.o' why
grep -q '^3	2	lib\.a$' stats
grep -q '^a\.o	lib\.a(f\.o)	f$' uses
grep -q '^lib\.a(f\.o)	lib\.a(g\.o)	g$' uses
# Twice -t names the members that are linked.
$CC -B"$AS_LD" a.o lib.a -Wl,-t,-t -o out >files
grep -q '^lib\.a(g\.o)$' files
must_fail grep -q '(h\.o)' files
