printf '.section .x,"a",@0x80000000\n.byte 1\n' >a.s
as a.s -o a.o
must_fail "$LD" -shared a.o -o out 2>said
grep -q 'a.o: section .* (.x): unsupported section type: 0x80000000' said
