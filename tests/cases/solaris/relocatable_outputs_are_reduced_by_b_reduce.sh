# Without -B reduce an object keeps its global symbols, and it is said that no scope is recorded.
SOL="$LD --wcc-ld-dialect=solaris"
echo 'int a(void) { return 1; } int b(void) { return 2; } int (*p)(void) = b;' >m.c
echo 'int a(void), b(void) __attribute__((weak)); int main(void) { return a() + (b != 0); }' >main.c
$CC -c m.c main.c
printf '$mapfile_version 2\nSYMBOL_SCOPE { global: a; local: *; };\n' >map
$SOL -r -M map m.o -o whole.o 2>said
grep -q 'B reduce applies' said
readelf -sW whole.o | grep -q 'GLOBAL DEFAULT .* b$'
$SOL -r -B reduce -M map m.o -o less.o 2>said
[ ! -s said ]
readelf -sW less.o >symbols
grep -q 'GLOBAL DEFAULT .* a$' symbols
grep -q 'LOCAL  DEFAULT .* b$' symbols
status=0
$CC main.o whole.o -o prog && ./prog || status=$?
[ $status = 2 ]
status=0
$CC main.o less.o -o prog && ./prog || status=$?
[ $status = 1 ]
