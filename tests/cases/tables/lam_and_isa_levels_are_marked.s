//@ ld: lam_and_isa_levels_are_marked.o -z lam-u57 -z x86-64-v3
//@ after: readelf -nW $OUT | grep -q 'LAM_U57' && readelf -nW $OUT | grep -q 'x86 ISA needed: x86-64-v3'
.globl _start
.text
_start:
    mov $60, %eax
    xor %edi, %edi
    syscall
