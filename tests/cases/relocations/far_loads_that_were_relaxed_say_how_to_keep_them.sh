# A kernel's boot code below, the rest in the upper half: what a script lays out is known too late to keep the GOT's loads,
# so the error says how; with --no-relax the program is right.
cat >a.s <<'A'
.section .boot,"ax"
.globl _start
_start:
    mov high@GOTPCREL(%rip), %rax
    call *high@GOTPCREL(%rip)
.text
.globl high
high: ret
A
as a.s -o a.o
echo 'SECTIONS { . = 0x100000; .boot : { *(.boot) *(.got*) } . = 0xffffffff80000000; .text : { *(.text) }
/DISCARD/ : { *(.note* .comment) } }' >t.ld
must_fail "$LD" --no-warn-rwx-segments -T t.ld a.o -o none 2>log
grep -q 'R_X86_64_GOTPCRELX out of range' log
grep -q 'hint: it was a load from the GOT, which --no-relax leaves in its place' log
"$LD" --no-warn-rwx-segments --no-relax -T t.ld a.o -o out
# Both go through one word of the GOT.
objdump -s -j .boot out | grep -q '00000080 ffffffff'
