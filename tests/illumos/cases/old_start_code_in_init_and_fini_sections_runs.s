//@ out: init
//@ out: main
//@ out: fini
//@ exit: 0
    .section .init,"ax",@progbits
    leaq    a(%rip), %rdi
    call    puts@PLT
    .section .fini,"ax",@progbits
    leaq    c(%rip), %rdi
    call    puts@PLT
    .text
    .globl  main
    .type   main, @function
main:
    pushq   %rbp
    leaq    b(%rip), %rdi
    call    puts@PLT
    xorl    %eax, %eax
    popq    %rbp
    ret
    .section .rodata
a:  .string "init"
b:  .string "main"
c:  .string "fini"
