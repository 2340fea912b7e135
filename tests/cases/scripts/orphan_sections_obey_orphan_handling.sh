cat > a.s <<'X'
.globl _start
_start: ret
.section extra,"a"
.long 1
X
cat > t.ld <<'X'
SECTIONS { .text 0x1000 : { *(.text) } .data : { *(.data) } .bss : { *(.bss) } }
X
as a.s -o a.o
"$LD" -T t.ld a.o -o place 2> log
[ ! -s log ]
readelf -SW place | grep -q ' extra '
"$LD" -T t.ld a.o --orphan-handling=warn -o warn 2> log
grep -q "warning: orphan section \`extra' from \`a.o' being placed in section \`extra'" log
must_fail "$LD" -T t.ld a.o --orphan-handling=error -o error 2> log
grep -q "unplaced orphan section \`extra' from \`a.o'" log
"$LD" -T t.ld a.o --orphan-handling=discard -o discard
readelf -SW discard > sections
must_fail grep ' extra ' sections
# Our own signature is nobody's orphan, and a script without ENTRY names no entry that could be missing.
sed 's/_start/begin/; /extra/,$d' a.s >b.s
as b.s -o b.o
for mode in error warn; do
    "$LD" -T t.ld b.o --orphan-handling=$mode -o own 2> log
    [ ! -s log ]
    readelf -SW own > sections
    must_fail grep comment sections
done
(echo 'ENTRY(_start)'; cat t.ld) >e.ld
"$LD" -T e.ld b.o -o own 2> log
grep -q 'cannot find entry symbol _start' log
