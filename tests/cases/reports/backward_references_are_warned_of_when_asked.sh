echo 'int f(void); int main(void) { return f(); }' >a.c
echo 'int f(void) { return 0; }' >f.c
$CC -c a.c f.c
ar rcs lib.a f.o
$CC -B"$AS_LD" lib.a a.o -Wl,--warn-backrefs -o out 2>said
grep -q 'warning: backward reference detected: f in a\.o refers to lib\.a(f\.o)' said
$CC -B"$AS_LD" lib.a a.o -Wl,--warn-backrefs,--warn-backrefs-exclude='lib*' -o out 2>said
[ ! -s said ]
$CC -B"$AS_LD" a.o lib.a -Wl,--warn-backrefs -o out 2>said
[ ! -s said ]
