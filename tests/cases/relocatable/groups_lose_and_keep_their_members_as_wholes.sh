# One copy of a COMDAT group stays, as a group, so that a later link can drop it; a group that is not COMDAT stays each time.
cat >a.s <<'X'
.section .text.f,"axG",@progbits,sig,comdat
.weak sig
sig: call helper
ret
.section .data.f,"awG",@progbits,sig,comdat
.quad .text.f
.section .plain,"aG",@progbits,together
.long 1
.section .note.GNU-stack,"",@progbits
X
as a.s -o a.o
as a.s -o b.o
"$LD" -r a.o b.o -o ab.o
readelf -gW ab.o >groups
[ "$(grep -c '^COMDAT group section' groups)" = 1 ]
[ "$(grep -c '^group section' groups)" = 2 ]
grep -q '\[sig\] contains 4 sections' groups
for s in .text.f .rela.text.f .data.f .rela.data.f; do grep -q " $s\$" groups; done
# The next link takes one of three.
"$LD" -r ab.o a.o b.o -o abab.o
readelf -gW abab.o >groups
[ "$(grep -c '^COMDAT group section' groups)" = 1 ]
echo '.globl _start,helper
_start: call sig
mov $60,%eax
xor %edi,%edi
syscall
helper: ret
.section .note.GNU-stack,"",@progbits' >main.s
as main.s -o main.o
for l in ld.bfd "$LD"; do
    $l main.o ab.o a.o b.o -o main
    ./main
done
