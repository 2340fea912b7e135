//@ ld: second_group_of_a_signature_is_dropped_whole.o b.o
//@ expect: section keep.inner size 1
//@ expect: no symbol only_in_second
.globl _start
.text
_start:
    call shared
    mov $60, %eax
    xor %edi, %edi
    syscall
.section keep.inner, "axG", @progbits, sig, comdat
.weak shared
shared: ret
//@ file: b.s
.section keep.inner, "axG", @progbits, sig, comdat
.weak shared
shared: ret
nop
.section extra.inner, "awG", @progbits, sig, comdat
.globl only_in_second
only_in_second: .long 1
