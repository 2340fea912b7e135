    .text
    .globl  _start
_start:
    xorl    %ebp, %ebp
    movq    %rsp, %rdi
    andq    $-16, %rsp
    call    ilx_main
    hlt

/* enter(entry, stack, at_exit): a program starts with %rdx = the function to call at exit. */
    .globl  enter
enter:
    movq    %rsi, %rsp
    xorl    %ebp, %ebp
    jmp     *%rdi

/* Where a lazy PLT entry lands: the object and the relocation's index are on the stack, arguments in registers. */
    .globl  elf_rtbndr
elf_rtbndr:
    pushq   %rbp
    movq    %rsp, %rbp
    andq    $-16, %rsp
    subq    $192, %rsp
    movq    %rax, 0(%rsp)
    movq    %rcx, 8(%rsp)
    movq    %rdx, 16(%rsp)
    movq    %rsi, 24(%rsp)
    movq    %rdi, 32(%rsp)
    movq    %r8, 40(%rsp)
    movq    %r9, 48(%rsp)
    movups  %xmm0, 64(%rsp)
    movups  %xmm1, 80(%rsp)
    movups  %xmm2, 96(%rsp)
    movups  %xmm3, 112(%rsp)
    movups  %xmm4, 128(%rsp)
    movups  %xmm5, 144(%rsp)
    movups  %xmm6, 160(%rsp)
    movups  %xmm7, 176(%rsp)
    movq    8(%rbp), %rdi
    movq    16(%rbp), %rsi
    call    bind_slot
    movq    %rax, %r11
    movq    0(%rsp), %rax
    movq    8(%rsp), %rcx
    movq    16(%rsp), %rdx
    movq    24(%rsp), %rsi
    movq    32(%rsp), %rdi
    movq    40(%rsp), %r8
    movq    48(%rsp), %r9
    movups  64(%rsp), %xmm0
    movups  80(%rsp), %xmm1
    movups  96(%rsp), %xmm2
    movups  112(%rsp), %xmm3
    movups  128(%rsp), %xmm4
    movups  144(%rsp), %xmm5
    movups  160(%rsp), %xmm6
    movups  176(%rsp), %xmm7
    movq    %rbp, %rsp
    popq    %rbp
    addq    $16, %rsp
    jmp     *%r11
    .section .note.GNU-stack,"",@progbits
