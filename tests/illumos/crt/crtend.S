/* GCC's crtend.o: the zero that ends .eh_frame. */
    .section .eh_frame,"a",@progbits
    .balign 4
    .long   0
