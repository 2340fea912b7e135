/* Start of a program, as usr/src/lib/crt of illumos has it: argc, argv and environment lie on the stack, %rdx is the
   function that ld.so.1 wants called at exit (0 in a static program). */
    .text
    .globl  _start
    .type   _start, @function
_start:
    xorl    %ebp, %ebp
    movl    (%rsp), %edi
    leaq    8(%rsp), %rsi
    andq    $-16, %rsp
    call    _start_crt
    hlt
    .size   _start, .-_start
    .section .note.GNU-stack,"",@progbits
