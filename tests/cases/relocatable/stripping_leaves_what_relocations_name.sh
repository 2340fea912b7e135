cat >a.s <<'X'
.file "a.c"
.text
.globl f
f: lea used(%rip), %rdi
ret
unused: nop
.Ltemporary: nop
.section .rodata.str1.1,"aMS",@progbits,1
.string "x"
used: .string "hello"
.section .debug_info,"",@progbits
.long 1
.section .note.GNU-stack,"",@progbits
X
as --keep-locals a.s -o a.o
locals() { nm -a ab.o | sed -n 's/^[^ ]* [a-z] //p' | grep -v '^\.[a-z]' | sort | tr '\n' ' '; }
"$LD" -r a.o -o ab.o
[ "$(locals)" = ".Ltemporary a.c unused used " ]
"$LD" -r -X a.o -o ab.o
[ "$(locals)" = "a.c unused used " ]
"$LD" -r -x a.o -o ab.o
[ "$(locals)" = "used " ]
readelf -SW ab.o | grep debug_info >/dev/null
"$LD" -r -s a.o -o ab.o
[ "$(locals)" = "used " ]
nm ab.o | grep ' T f$' >/dev/null
must_fail grep -q debug_info ab.o
"$LD" -r -S a.o -o ab.o
must_fail grep -q debug_info ab.o
nm ab.o | grep ' t unused$' >/dev/null
# The string is at its new place: 2 bytes into the section, of the second object 2 + 8.
"$LD" -r a.o -o one.o
"$LD" -r -x one.o -o two.o
readelf -rW two.o | grep '0000000000000002 used - 4$' >/dev/null
