for n in 4:2 8:3 4b:2 8b:3; do
    printf '.section .note.%s,"a",@note\n.p2align %s\n.quad 42\n' "${n%:*}" "${n#*:}"
done >a.s
printf '.globl _start\n_start: ret\n' | cat - a.s | as -mx86-used-note=no -o a.o -
"$LD" a.o -o out
readelf -lW out >segments
[ "$(grep -c ' NOTE ' segments)" = 2 ]
grep -q '\.note\.8 \.note\.8b' segments
grep -q '\.note\.4 \.note\.4b' segments
