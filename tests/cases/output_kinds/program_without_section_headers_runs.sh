echo 'int puts(const char *); int main(void) { puts("ran"); return 0; }' >a.c
$CC -c a.c
$CC -B"$AS_LD" a.o -z nosectionheader -o out
[ "$(./out)" = ran ]
readelf -h out | grep -q 'Number of section headers: *0$'
readelf -h out | grep -q 'Start of section headers: *0 '
$CC -shared -fPIC -B"$AS_LD" a.c -z nosectionheader -z sectionheader -o lib.so
must_fail sh -c "readelf -h lib.so | grep -q 'Number of section headers: *0$'"
