#@ needs: gdb
printf 'int other(int x) { return x - 3; }\n' >b.c
printf 'int other(int x);\nint main(void) { return other(3); }\n' >a.c
$CC -g3 -O0 -c a.c
$CC -g3 -O0 -c b.c
for method in zlib zstd zlib-gnu; do
    "$LD" -r a.o b.o -o r.o --compress-debug-sections=$method
    readelf -SW r.o | grep -E ' \.debug_[a-z]+ .* [MSG]*C[MSG]* +0 | \.zdebug_' >/dev/null
    $WCC r.o -o main
    ./main
    gdb -batch -ex 'info line other' -ex 'info line main' main >log 2>&1
    grep -q 'Line 1 of "b.c"' log
    grep -q 'Line 2 of "a.c"' log
done
