//@ variant: name --sort-section=name
//@ variant: alignment --sort-section=alignment
//@ ld: sort_section_sorts_by_name_and_alignment.o
//@ after: case "$(nm -n $OUT | sed -n 's/.* T \([a-c]\)$/\1/p' | tr -d '\n')" in abc|bca) ;; *) exit 1;; esac
.globl _start, a, b, c
.text
_start: mov $60, %eax
    xor %edi, %edi
    syscall
.section .text.z, "ax"
    nop
.section .text.b, "ax"
.p2align 8
b:  nop
.section .text.c, "ax"
.p2align 7
c:  nop
.section .text.a, "ax"
.p2align 6
a:  nop
