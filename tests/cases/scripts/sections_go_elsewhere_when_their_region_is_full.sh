#@ needs: bfd
# --enable-non-contiguous-regions: what does not fit goes to a later output section that takes it, in order; GNU ld and
# we agree on every address. What nobody has room for is an error.
cat >a.s <<'A'
.globl _start
.section .text.start, "ax"
_start: .quad one, two, three, four
.macro data name size
    .section .data.\name, "aw"
    .globl \name
\name: .skip \size, 1
.endm
data one 8
data two 16
data three 4
data four 24
A
as a.s -o a.o
cat >t.ld <<'A'
MEMORY {
    CODE (rx) : ORIGIN = 0x100000, LENGTH = 0x1000
    MEM1 (rw) : ORIGIN = 0x200000, LENGTH = 0x14
    MEM2 (rw) : ORIGIN = 0x201000, LENGTH = 0x20
    MEM3 (rw) : ORIGIN = 0x202000, LENGTH = 0x40
}
SECTIONS {
    .text : { *(.text*) } >CODE
    mem1 : { first = .; *(.data.*); first_end = .; } >MEM1
    mem2 : { *(.data.*); second_end = .; } >MEM2
    mem3 : { *(.data.*); third_end = .; } >MEM3
    /DISCARD/ : { *(.comment .note*) }
}
A
names() { nm "$1" | sort -k3; }
"$LD" --enable-non-contiguous-regions -T t.ld a.o -o ours
ld.bfd --enable-non-contiguous-regions -T t.ld a.o -o gnu
names ours >ours.txt
names gnu >gnu.txt
diff ours.txt gnu.txt
grep -q '0000200000 D one' ours.txt
grep -q '0000201000 D two' ours.txt
grep -q '0000202000 D four' ours.txt
# The words in .text lead to the places.
readelf -x .text ours | grep -q '00002000 00000000 00102000 00000000'

must_fail "$LD" -T t.ld a.o -o out 2>log
grep -q "region .MEM1. overflowed by 32 bytes" log

sed 's/0x40/0x10/' t.ld >small.ld
must_fail "$LD" --enable-non-contiguous-regions -T small.ld a.o -o out 2>log
grep -q "section .mem3. will not fit in region .MEM3." log

"$LD" --enable-non-contiguous-regions --enable-non-contiguous-regions-warnings -T t.ld a.o -o out 2>log
grep -q "warning: section .\.data.two. from .a.o. is in mem1 and goes to mem2, mem3 if there is no room" log

# What only one place takes gets its room: the others leave.
sed 's/first = .; \*(.data.\*);/*(.data.one .data.two .data.three) *(.data.four)/; s/LENGTH = 0x14/LENGTH = 0x20/
     s/mem2 : { \*(.data.\*)/mem2 : { *(.data.one .data.two .data.three)/; s/mem3 : { \*(.data.\*);/mem3 : {/' t.ld >last.ld
"$LD" --enable-non-contiguous-regions -T last.ld a.o -o out
nm out >names
grep -q '0000200000 D one' names
grep -q '0000200008 D four' names
grep -q '0000201000 D two' names
grep -q '0000201010 D three' names
