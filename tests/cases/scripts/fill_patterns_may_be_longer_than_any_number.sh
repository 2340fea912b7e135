printf '.byte 1\n' >a.s
as a.s -o a.o
cat >s.ld <<'S'
SECTIONS { .text : { *(.text) FILL(0x00004567000089ab0000cdef00000123) . = 17; } /DISCARD/ : { *(*) } }
S
"$LD" -T s.ld a.o -o out --oformat=binary
[ "$(od -An -v -t x1 out | tr -d ' \n')" = 0100004567000089ab0000cdef00000123 ]
