printf '.globl _start\n_start: mov $60,%%eax\nxor %%edi,%%edi\nsyscall\n.data\n.long 1\n' >a.s
as a.s -o a.o
"$LD" -N a.o -o out 2>said
grep -q 'warning: out has a LOAD segment with RWX permissions' said
./out
"$LD" -N --no-warn-rwx-segments a.o -o out 2>said
[ ! -s said ]
must_fail "$LD" -N --error-rwx-segments a.o -o out2 2>said
grep -q 'error: out2 has a LOAD segment with RWX permissions' said
[ ! -e out2 ]
