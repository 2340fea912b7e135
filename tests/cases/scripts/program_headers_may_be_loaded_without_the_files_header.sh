# PHDRS without FILEHDR: the segment starts with the program headers, even when there is room for no more than these before
# the first section; the program runs, and finds its headers where the kernel says they are.
cat >a.s <<'A'
.globl _start
_start:
    mov %rsp, %rsi
1:  lodsq
    test %rax, %rax
    jnz 1b
2:  lodsq
    cmp $3, %rax        # AT_PHDR
    lodsq
    jne 2b
    mov (%rax), %edi    # PT_PHDR is 6
    sub $6, %edi
    add x(%rip), %edi
    mov $60, %eax
    syscall
.data
x: .long 0
A
# The first word behind the arguments is 0, behind the environment another 0.
sed -i 's/^1:  lodsq/    lodsq\n    lea 8(%rsi,%rax,8), %rsi\n1:  lodsq/' a.s
as a.s -o a.o
for first in 0x100e8 0x10100 0x11120; do
    cat >t.ld <<A
PHDRS { header PT_PHDR PHDRS; text PT_LOAD PHDRS; data PT_LOAD; }
SECTIONS { .text $first : { *(.text) } :text .data 0x20000 : { *(.data) } :data /DISCARD/ : { *(*) } }
A
    "$LD" -T t.ld a.o -o prog
    ./prog
done
printf 'PHDRS { header PT_PHDR PHDRS; text PT_LOAD PHDRS; }\nSECTIONS { .text 0x100 : { *(.text) *(.data) } :text /DISCARD/ : { *(*) } }\n' >t.ld
"$LD" --no-warn-rwx-segments -T t.ld a.o -o low
