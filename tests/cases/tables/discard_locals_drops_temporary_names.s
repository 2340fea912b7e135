//@ variant: X -X
//@ ld: discard_locals_drops_temporary_names.o
//@ expect: no symbol .Ltemporary
//@ expect: symbol kept_local
.globl _start
.text
_start:
kept_local:
    mov $60, %eax
    xor %edi, %edi
    syscall
.Ltemporary:
    nop
    .long .Ltemporary - .
