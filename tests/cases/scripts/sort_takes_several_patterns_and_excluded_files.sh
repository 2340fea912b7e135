for n in foo.2:2 foo.1:1 bar.1:11 bar.0:10; do
    printf '.section .%s,"a"\n.byte %s\n' "${n%:*}" "${n#*:}"
done | as -o a.o -
printf '.section .bar.9,"a"\n.byte 99\n.section .foo.0,"a"\n.byte 0\n' | as -o b.o -
bytes() {
    printf 'SECTIONS { .x : { %s } /DISCARD/ : { *(*) } }\n' "$1" >s.ld
    "$LD" -T s.ld a.o b.o -o out --oformat=binary
    od -An -v -t u1 out | tr -s ' \n' ' '
}
[ "$(bytes '*(SORT(.foo.* .bar.*))')" = ' 10 11 99 0 1 2 ' ]
[ "$(bytes '*(SORT(EXCLUDE_FILE(b.o) .foo.*))')" = ' 1 2 ' ]
[ "$(bytes '*(SORT_BY_NAME(EXCLUDE_FILE(a.o) .foo.* EXCLUDE_FILE(b.o) .bar.*))')" = ' 10 11 0 ' ]
