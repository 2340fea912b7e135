# What compilers write seldom: versions, groups of every kind, notes, odd sections, hand-made unwind tables.
        .text
        .globl versioned, versioned_old
        .type versioned, @function
versioned:
        .cfi_startproc
        .cfi_personality 0x9b, ref_personality
        .cfi_lsda 0x1b, lsda
        push %rbp
        .cfi_def_cfa_offset 16
        .cfi_offset 6, -16
        call helper@PLT
        mov shared_data@GOTPCREL(%rip), %rax
        lea text(%rip), %rdx
        pop %rbp
        .cfi_def_cfa 7, 8
        ret
        .cfi_endproc
        .size versioned, . - versioned
versioned_old: ret
        .symver versioned_old, versioned_sym@VERS_1
        .symver versioned, versioned_sym@@VERS_2

        .section .text.group, "axG", @progbits, signature, comdat
        .weak helper
        .type helper, @function
helper: .cfi_startproc
        ret
        .cfi_endproc
        .section .data.group, "awG", @progbits, signature, comdat
        .quad helper, 1f - .
1:
        .section .text.other, "axG", @progbits, plain
        call helper
        .section .rodata.str1.1, "aMS", @progbits, 1
text:   .asciz "a text"
        .asciz "text"
        .section .rodata.cst8, "aM", @progbits, 8
        .quad 1, 2, 1, 3
        .section .rodata.str4.4, "aMS", @progbits, 4
        .long 'a', 'b', 0, 'b', 0
        .section .gcc_except_table, "a", @progbits
lsda:   .byte 0xff, 0xff, 1, 0
        .section .data.rel.ro, "aw", @progbits
        .globl table
        .type table, @object
table:  .quad versioned, text + 2, shared_data + 8, .text
        .long text - ., lsda - .
        .size table, . - table
        .data
        .hidden ref_personality
        .weak ref_personality
ref_personality: .quad __gxx_personality_v0
        .section .init_array.00100, "aw", @init_array
        .quad versioned
        .section .fini_array, "aw", @fini_array
        .quad versioned_old
        .section .ctors.00001, "aw", @progbits
        .quad versioned
        .section .tdata, "awT", @progbits
        .globl tls_here
        .type tls_here, @object
tls_here: .long 1
        .size tls_here, 4
        .section .tbss, "awT", @nobits
        .zero 8
        .text
        data16 lea tls_here@TLSGD(%rip), %rdi
        .value 0x6666
        rex64
        call __tls_get_addr@PLT
        mov tls_here@GOTTPOFF(%rip), %rax
        lea tls_here@TLSDESC(%rip), %rax
        call *tls_here@TLSCALL(%rax)
        .section .gnu.warning.versioned_old, "", @progbits
        .asciz "versioned_old is old"
        .section .note.gnu.property, "a", @note
        .long 4, 16, 5
        .asciz "GNU"
        .long 0xc0000002, 4, 3, 0
        .section .note.own, "a", @note
        .long 4, 4, 1
        .asciz "own"
        .long 7
        .section kept_by_name, "aw", @progbits
        .quad __start_kept_by_name, __stop_kept_by_name
        .section .linked, "ao", @progbits, .text.group
        .quad 5
        .section .discarded, "e", @progbits
        .asciz "never linked"
        .comm common_a, 64, 32
        .comm aligned, 8, 4096
        .section .note.GNU-stack, "", @progbits
