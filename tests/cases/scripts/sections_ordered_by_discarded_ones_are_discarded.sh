cat >a.s <<'S'
.section .foo,"a"
.byte 1
.section .bar,"ao",@progbits,.foo
.byte 2
.section .zed,"ao",@progbits,.bar
.byte 3
S
as a.s -o a.o
printf 'SECTIONS { /DISCARD/ : { *(.foo) } }\n' >s.ld
"$LD" -T s.ld a.o -o out
readelf -SW out >sections
must_fail grep -E '\.(foo|bar|zed)' sections
