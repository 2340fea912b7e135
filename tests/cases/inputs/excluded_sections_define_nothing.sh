printf '.section .x,"axe"\n.globl f\nf: .byte 1\n' | as -o a.o -
printf '.globl f, _start\n_start: call f\nf: ret\n' | as -o b.o -
"$LD" a.o b.o -o out
"$LD" b.o a.o -o out
nm out | grep -q ' T f'
printf '.globl _start\n_start: call f\n' | as -o c.o -
must_fail "$LD" c.o a.o -o out 2>said
grep -q 'undefined symbol: f' said
