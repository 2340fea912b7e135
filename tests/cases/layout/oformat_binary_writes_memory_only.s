//@ ld: oformat_binary_writes_memory_only.o --oformat=binary -Ttext=0x1000
//@ allow-check: not-elf
//@ no-run:
//@ after: [ "$(od -An -tx1 -N3 $OUT | tr -d ' ')" = b83c00 ]
.globl _start
.text
_start:
    mov $60, %eax
    xor %edi, %edi
    syscall
