printf '.globl f\nf: ret\n.balign 8\n.quad f\n' >a.s
as a.s -o a.o
"$LD" -shared a.o -o out 2>said
grep -q "warning: a.o:.*: relocation against \`f' in read-only section \`.text'" said
grep -q 'warning: creating DT_TEXTREL in a shared object' said
"$LD" -shared -z notext --warn-textrel a.o -o out 2>said
grep -q "read-only section" said
"$LD" -shared -z notext a.o -o out 2>said
[ ! -s said ]
"$LD" -shared --no-warn-textrel a.o -o out 2>said
[ ! -s said ]
