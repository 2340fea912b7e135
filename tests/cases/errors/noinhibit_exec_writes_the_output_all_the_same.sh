echo 'int nowhere(void); int main(int argc, char **argv) { return argc > 5 ? nowhere() : 0; }' >a.c
$CC -c a.c
must_fail $CC -B"$AS_LD" a.o -o out
[ ! -e out ]
$CC -B"$AS_LD" a.o -Wl,--noinhibit-exec -o out 2>said
grep -q 'undefined symbol: nowhere' said
./out
# -w says nothing at all.
$CC -B"$AS_LD" a.o -Wl,--noinhibit-exec,-w -o out 2>said
[ ! -s said ]
