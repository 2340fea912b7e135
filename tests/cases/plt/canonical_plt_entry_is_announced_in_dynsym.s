//@ shared: libf.so f.o
//@ link: canonical_plt_entry_is_announced_in_dynsym.o libf.so -no-pie
//@ exit: 0
.globl main
.text
main:
    # The address as a constant: only a PLT entry in the program can have it.
    mov $f, %ebx
    mov f_address@GOTPCREL(%rip), %rax
    push %rax
    call *%rax
    pop %rcx
    cmp %rax, %rbx
    setne %al
    movzbl %al, %eax
    ret
.section .note.GNU-stack, "", @progbits
//@ file: f.s
.globl f, f_address
.type f, @function
.type f_address, @function
.text
f:  ret
.size f, . - f
f_address:
    mov f@GOTPCREL(%rip), %rax
    ret
.size f_address, . - f_address
.section .note.GNU-stack, "", @progbits
