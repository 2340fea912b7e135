#@ needs: gdb
cat >a.c <<'X'
#include <stdio.h>
struct point { int x, y; char name[32]; };
static int other(struct point *p) { return p->x * 3 + p->y; }
int main(void) {
    struct point p = {1, 2, "somewhere"};
    printf("%d\n", other(&p));
    return 0;
}
X
$CC -g3 -O0 -c a.c
$WCC a.o -o plain
readelf --debug-dump=info plain >plain.txt
for method in zlib zlib-gabi zlib:9 zstd zstd:19; do
    $WCC a.o -o out -Wl,--compress-debug-sections="$method"
    readelf -SW out | grep -E ' \.debug_info .* C +0 ' >/dev/null
    readelf --debug-dump=info out >out.txt 2>/dev/null
    cmp plain.txt out.txt
    [ "$(stat -c %s out)" -lt "$(stat -c %s plain)" ]
    ./out | grep -x 5
    gdb -batch -ex 'break other' -ex run -ex 'print p->name' -ex backtrace out >log 2>&1
    grep -q '"somewhere"' log
    grep -q '#1 .* in main () at a.c:6' log
done
# The older form has other names and no flag.
$WCC a.o -o gnu -Wl,--compress-debug-sections=zlib-gnu
readelf -SW gnu | grep -E ' \.zdebug_info ' >/dev/null
must_fail sh -c "readelf -SW gnu | grep -E ' \.debug_info '"
gdb -batch -ex 'info line other' gnu | grep 'Line 3 of "a.c"'
# What -gz asks for, and what takes it back.
$WCC -gz a.o -o gz
readelf -SW gz | grep -E ' \.debug_info .* C +0 ' >/dev/null
$WCC a.o -o none -Wl,--compress-debug-sections=zstd,--compress-debug-sections=none
cmp none plain
