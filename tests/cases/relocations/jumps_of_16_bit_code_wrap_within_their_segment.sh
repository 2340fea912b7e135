# .code16 in 64-bit objects (firmware, boot loaders): a jump over more than 32 KiB goes the other way round its segment.
cat >a.s <<'A'
.code16
.section .text.low,"ax"
.globl low
low: retl
.section .text.high,"ax"
.globl _start
_start: jmp low
A
as a.s -o a.o
echo 'SECTIONS { .text.low 0x737c : { *(.text.low) } .text.high 0xf869 : { *(.text.high) } /DISCARD/ : { *(.note* .comment) } }' >t.ld
"$LD" -T t.ld a.o -o out
objdump -dw -Mi8086 out | grep -q 'e9 10 7b[[:space:]]*jmp  *737c <low>'
echo 'SECTIONS { .text.low 0x1737c : { *(.text.low) } .text.high 0x3f869 : { *(.text.high) } }' >t.ld
must_fail "$LD" -T t.ld a.o -o none 2>log
grep -q 'R_X86_64_PC16 out of range' log
