# CLASS of lld 20: sections are claimed where the class is described, go where it is named, and what does not fit goes to
# the next place that names it, without any option.
cat >a.s <<'A'
.globl _start
.section .text.start, "ax"
_start: ret
.macro data name
    .section .data.\name, "aw"
    .globl \name
\name: .quad 1
.endm
data b
data a
data c
data rest
A
as a.s -o a.o
cat >t.ld <<'A'
MEMORY {
    CODE (rx) : ORIGIN = 0x100000, LENGTH = 0x1000
    MEM1 (rw) : ORIGIN = 0x200000, LENGTH = 0x18
    MEM2 (rw) : ORIGIN = 0x201000, LENGTH = 0x18
}
SECTIONS {
    CLASS(hot) { *(SORT_BY_NAME(.data.[abc])) }
    .text : { *(.text*) } >CODE
    mem1 : { *(.data*) CLASS(hot) } >MEM1
    mem2 : { CLASS(hot) } >MEM2
    /DISCARD/ : { *(.comment .note*) }
}
A
"$LD" -T t.ld a.o -o out
nm out >names
grep -q '0000200000 D rest' names
grep -q '0000200008 D a' names
grep -q '0000200010 D b' names
grep -q '0000201000 D c' names

sed 's/mem2 : { CLASS(hot) }/mem2 : { CLASS(cold) }/' t.ld >bad.ld
must_fail "$LD" -T bad.ld a.o -o out 2>log
grep -q "bad.ld:10:[0-9]*: section class 'cold' is described nowhere" log
sed 's/CLASS(hot) }/}/' t.ld >bad.ld
must_fail "$LD" -T bad.ld a.o -o out 2>log
grep -q "no output section takes section class 'hot'" log
sed 's/\(CLASS(hot) {.*\)/\1 \1/' t.ld >bad.ld
must_fail "$LD" -T bad.ld a.o -o out 2>log
grep -q "section class 'hot' has been described before" log
sed 's/CLASS(hot) { .*/CLASS(hot) { CLASS(cold) }/' t.ld >bad.ld
must_fail "$LD" -T bad.ld a.o -o out 2>log
grep -q "bad.ld:7:.*a section class cannot be made of another" log
