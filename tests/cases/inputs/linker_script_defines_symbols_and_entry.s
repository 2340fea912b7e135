//@ ld: linker_script_defines_symbols_and_entry.o script.t
//@ expect: symbol answer ABS value 42
//@ exit: 42
.globl main_entry
.globl _start
.text
_start:
main_entry:
    mov $60, %eax
    mov $answer, %edi
    syscall
//@ file: script.t
answer = 6 * 7;
EXTERN(main_entry)
