//@ args: -nostdlib
//@ variant: exec -no-pie -static
//@ exit: 0
//@ allow-check: segment-empty
.globl _start, value
.text
_start:
    lea _GLOBAL_OFFSET_TABLE_(%rip), %rbx
    # GOTOFF64: distance of a local thing from the GOT.
    movabs $value@GOTOFF, %rcx
    cmpl $9, (%rbx,%rcx)
    jne fail
    # GOT64: offset of the symbol's entry.
    movabs $value@GOT, %rcx
    mov (%rbx,%rcx), %rdx
    cmpl $9, (%rdx)
    jne fail
    # GOTPC64: distance of the GOT from here.
1:  movabs $_GLOBAL_OFFSET_TABLE_-1b, %rcx
    lea 1b(%rip), %rdx
    add %rdx, %rcx
    cmp %rcx, %rbx
    jne fail
    # PLTOFF64
    movabs $function@PLTOFF, %rcx
    add %rbx, %rcx
    call *%rcx
    cmp $3, %eax
    jne fail
    mov $60, %eax
    xor %edi, %edi
    syscall
fail:
    ud2
.globl function
function:
    mov $3, %eax
    ret
.data
value: .long 9
