//@ ld: program_without_entry_symbol_warns_and_starts_at_text.o
//@ warn: entry symbol
//@ exit: 5
.text
start_here:
    mov $60, %eax
    mov $5, %edi
    syscall
