echo 'int nowhere(void); int (*volatile p)(void) = nowhere; int main(void) { return p ? 1 : 0; }' >a.c
$CC -c a.c
must_fail $CC -B"$AS_LD" a.o -o out
$CC -B"$AS_LD" a.o -Wl,--ignore-unresolved-symbol=nowhere -o out
must_fail $CC -B"$AS_LD" a.o -Wl,--ignore-unresolved-symbol=there -o out2
$CC -B"$AS_LD" a.o -z undefs -o out
$CC -static -B"$AS_LD" a.o -z undefs -o out
./out
