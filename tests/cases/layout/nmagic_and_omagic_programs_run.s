//@ variant: nmagic -n
//@ variant: omagic -N
//@ ld: nmagic_and_omagic_programs_run.o
//@ allow: segment-wx section-flags
//@ allow-check: segment-align segment-wx segment-overlap segment-congruent
//@ exit: 6
.globl _start
.text
_start:
    mov value(%rip), %edi
    mov $60, %eax
    syscall
.data
value: .long 6
