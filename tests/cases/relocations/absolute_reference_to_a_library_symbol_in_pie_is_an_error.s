//@ shared: lib.so lib.o
//@ link: absolute_reference_to_a_library_symbol_in_pie_is_an_error.o lib.so -pie
//@ fail: recompile with -fPI
.globl main
.text
main:
    mov $thing, %eax
    ret
//@ file: lib.s
.globl thing
.data
.type thing, @object
.size thing, 4
thing: .long 1
