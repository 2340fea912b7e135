/* Functions of ld.so.1 that libc.so.1 only names: absolute, value 0. Whoever binds to one gets ld.so.1's. The last is
   this model's own: memory with the protection that the kernel would give the heap. */
    .macro filter name
    .globl  \name
    .type   \name, @function
    .set    \name, 0
    .endm
    filter  dl_iterate_phdr
    filter  dlsym
    filter  __tls_get_addr
    filter  _ilx_heap
    .section .note.GNU-stack,"",@progbits
/* Room for .SUNW_syminfo, which the Solaris flavour fills in: four bytes a dynamic symbol. */
    .section .SUNW_syminfo,"a",@progbits
    .balign 4
    .space  1024
