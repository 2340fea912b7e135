cat > a.s <<'S'
.globl _start
_start: ret
.section extra,"a"
.byte 1
.data
.byte 2
S
as a.s -o a.o
cat > over.ld <<'S'
OVERWRITE_SECTIONS { new : { first = .; *(extra) last = .; } .data : { BYTE(9) *(.data) } }
S
# Alone it adds to the linker's own layout.
"$LD" -T over.ld a.o -o own
readelf -SW own > own.sections
grep -q ' new  *PROGBITS .* A ' own.sections
must_fail grep ' extra ' own.sections
readelf -x .data own | grep -q ' 0902 '
[ $((0x$(nm own | sed -n 's/ R last$//p') - 0x$(nm own | sed -n 's/ R first$//p'))) = 1 ]
# Beside a script it replaces what is there, although that script comes first and would take everything.
cat > main.ld <<'S'
SECTIONS { .text 0x1000 : { *(.text) } .all : { *(extra) } .data : { *(.data) BYTE(7) } }
S
"$LD" -T main.ld -T over.ld a.o -o both
readelf -x .data both | grep -q '^  0x000010.. 0902 '
readelf -x new both | grep -q ' 01 '
