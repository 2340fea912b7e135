//@ variant: name -e begin
//@ variant: number -e 0x401000 -Ttext=0x401000
//@ ld: entry_can_be_chosen_by_name_and_by_number.o
//@ expect: entry begin
//@ exit: 3
.globl begin
.text
begin:
    mov $60, %eax
    mov $3, %edi
    syscall
