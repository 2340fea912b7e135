//@ link: text_relocations_are_refused_unless_asked_for.o -shared -Wl,-z,text
//@ fail: text_relocations_are_refused_unless_asked_for.o
.globl f
.text
f:
    ret
    .quad f
