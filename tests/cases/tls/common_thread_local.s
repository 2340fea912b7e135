//@ link: common_thread_local.o
//@ exit: 0
.globl main
.text
main:
    mov %fs:value@tpoff, %eax
    ret
.tls_common value,4,4
.section .note.GNU-stack,"",@progbits
