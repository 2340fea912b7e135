//@ link: absolute_32_bit_reference_in_a_shared_library_is_an_error.o -shared
//@ fail: recompile with -fPIC
.globl f, data
.text
f:
    mov $data, %eax
    ret
.data
data: .long 1
