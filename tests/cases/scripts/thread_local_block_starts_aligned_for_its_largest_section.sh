#@ needs: bfd
# A static C library takes the block's size as a multiple of its alignment, counted from the segment's start.
cat > a.s <<'S'
.globl _start
_start: mov %fs:x@tpoff,%eax
.section .tdata,"awT",@progbits
.long 1
x: .long 2
.section .tbss,"awT",@nobits
.p2align 4
.zero 32
S
as a.s -o a.o
echo 'SECTIONS { .text : { *(.text) } .tdata : { *(.tdata) } .tbss : { *(.tbss) } }' > t.ld
"$LD" -T t.ld a.o -o wcc
ld.bfd -T t.ld a.o -o ref
for f in wcc ref; do
    readelf -lW $f | awk '$1 == "TLS" { print $5, $6, $8 }' > $f.tls
    objdump -d $f | grep fs: > $f.code
done
[ -s ref.tls ]
cmp wcc.tls ref.tls
cmp wcc.code ref.code
