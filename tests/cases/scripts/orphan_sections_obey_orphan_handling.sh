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
