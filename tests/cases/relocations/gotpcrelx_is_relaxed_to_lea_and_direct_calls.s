//@ ld: gotpcrelx_is_relaxed_to_lea_and_direct_calls.o
//@ expect: bytes call 67 e8
//@ expect: bytes jump e9 ?? ?? ?? ?? 90
//@ expect: bytes test 48 f7 c0
//@ expect: bytes compare 48 81 f8
//@ exit: 0
.globl _start, call, jump, test, compare, value
.text
_start:
    movq value@GOTPCREL(%rip), %rax
    cmpl $77, (%rax)
    jne fail
call:
    call *function@GOTPCREL(%rip)
    cmp $78, %eax
    jne fail
test:
    testq %rax, value@GOTPCREL(%rip)
compare:
    cmpq value@GOTPCREL(%rip), %rax
jump:
    jmp *good@GOTPCREL(%rip)
fail:
    mov $60, %eax
    mov $1, %edi
    syscall
.globl good
good:
    mov $60, %eax
    xor %edi, %edi
    syscall
.globl function
function:
    mov $78, %eax
    ret
.data
value: .long 77
