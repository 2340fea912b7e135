printf '.globl _start\n_start: ret\n' >a.s
as a.s -o a.o
cat >s.ld <<'S'
BASE = DEFINED(BASE) ? BASE : 0x20000;
SECTIONS { . = BASE; .text : { *(.text) } /DISCARD/ : { *(*) } }
S
start() { nm out | sed -n 's/^0*\([0-9a-f]*\) T _start$/\1/p'; }
"$LD" -T s.ld a.o -o out
[ "$(start)" = 20000 ]
"$LD" --defsym=BASE=0x30000 -T s.ld a.o -o out
[ "$(start)" = 30000 ]
