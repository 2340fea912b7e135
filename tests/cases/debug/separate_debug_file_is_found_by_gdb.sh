#@ needs: gdb
cat >a.c <<'X'
#include <stdio.h>
struct point { int x, y; };
static int other(struct point *p) { return p->x * 3 + p->y; }
int main(void) {
    struct point p = {1, 2};
    printf("%d\n", other(&p));
    return 0;
}
X
$CC -g -O0 -c a.c
for more in --build-id=sha1 --build-id=none --compress-debug-sections=zlib --gdb-index -pie; do
    rm -f out out.dbg
    case $more in -pie) flag=-pie ;; *) flag=-Wl,$more ;; esac
    $WCC $flag a.o -o out -Wl,--separate-debug-file
    [ "$(./out)" = 5 ]
    must_fail sh -c "readelf -SW out | grep debug_info"
    readelf -SW out.dbg | grep -E ' \.text +NOBITS ' >/dev/null
    readelf -x .gnu_debuglink out | grep 'out.dbg' >/dev/null
    gdb -batch -ex 'break other' -ex run -ex 'print *p' -ex backtrace out >log 2>&1
    grep -q '{x = 1, y = 2}' log
    grep -q '#1 .* in main () at a.c:6' log
    if [ "$more" = --build-id=sha1 ]; then
        [ "$(readelf -n out | grep 'Build ID')" = "$(readelf -n out.dbg | grep 'Build ID')" ]
    fi
    # The checksum is that of the file.
    objcopy --add-gnu-debuglink=out.dbg -R .gnu_debuglink out relinked 2>/dev/null || true
    must_fail grep -q 'CRC mismatch' log
    $LINKDIFF --check out
done
$WCC a.o -o out -Wl,--separate-debug-file=elsewhere.debug
[ -s elsewhere.debug ]
gdb -batch -ex 'info line other' out | grep 'Line 3 of "a.c"'
# Nothing to separate: no second file.
printf '.globl _start\n_start: ret\n' >n.s
as n.s -o n.o
"$LD" n.o -o none --separate-debug-file
[ ! -e none.dbg ]
# A link that fails leaves neither.
printf 'int missing(void); int main(void) { return missing(); }\n' >b.c
$CC -g -c b.c
must_fail $WCC b.o -o failed -Wl,--separate-debug-file 2>err
[ ! -e failed ]
[ ! -e failed.dbg ]
