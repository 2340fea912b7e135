cat >a.s <<'X'
.section .text.root,"ax",@progbits
.globl root
root: call needed
.section .text.needed,"ax",@progbits
needed: jmp outside
.section .text.dead,"ax",@progbits
.globl dead
dead: call nobody
.section .init_array,"aw",@init_array
.quad 0
.section .kept,"awR",@progbits
.quad 0
.section .note.GNU-stack,"",@progbits
X
as a.s -o a.o
must_fail "$LD" -r --gc-sections a.o -o out.o 2>err
grep -q -- '--gc-sections requires a defined symbol root specified by -e or -u' err
[ ! -e out.o ]
for root in '-e root' '-u root'; do
    "$LD" -r --gc-sections $root a.o -o out.o
    readelf -SW out.o >log
    for s in .text.root .text.needed .init_array .kept; do grep -q " $s " log; done
    must_fail grep -q 'text.dead' log
    nm out.o >log
    grep -q ' U outside$' log
    must_fail grep -Eq 'dead|nobody' log
done
readelf -hW out.o | grep 'Entry point address: *0x0$' >/dev/null
