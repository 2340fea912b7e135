cat > a.s <<'S'
.globl _start
_start: ret
.section one,"ax"
call f
.section two,"ax"
f: ret
S
as a.s -o a.o
echo 'NOCROSSREFS(one two)' > t.ld
must_fail "$LD" -T t.ld a.o -o a 2> log
grep -q 'a.o:(one+0x1): prohibited cross reference from one to .* in two' log
echo 'NOCROSSREFS_TO(one two)' > t.ld
"$LD" -T t.ld a.o -o a
