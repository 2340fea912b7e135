# `} =0` and then /DISCARD/, which is no division.
printf '.globl _start\n_start: ret\n.section .junk,"a"\n.quad 1\n' | as -o a.o -
cat >t.ld <<'A'
SECTIONS {
    .text : { *(.text) . = ALIGN(8); BYTE(1) } =0
    /DISCARD/ : { *(.junk) }
}
A
"$LD" -T t.ld a.o -o out
readelf -SW out >sections
must_fail grep junk sections
readelf -x .text out | grep -q ' c3000000 00000000 01 '
