/* First halves of _init and _fini; crtn.o has the second. */
    .section .init,"ax",@progbits
    .globl  _init
    .type   _init, @function
_init:
    pushq   %rbp
    movq    %rsp, %rbp
    .section .fini,"ax",@progbits
    .globl  _fini
    .type   _fini, @function
_fini:
    pushq   %rbp
    movq    %rsp, %rbp
