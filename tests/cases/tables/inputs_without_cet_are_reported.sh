printf '.globl _start\n_start: mov $60,%%eax\nxor %%edi,%%edi\nsyscall\n' >a.s
as a.s -o a.o
"$LD" a.o -z cet-report=warning -o out 2>said
grep -q 'warning: a.o: missing IBT and SHSTK properties' said
must_fail "$LD" a.o -z cet-report=error -o out 2>said
grep -q 'error: a.o: missing IBT and SHSTK properties' said
"$LD" a.o -z cet-report=none -o out 2>said
[ ! -s said ]
"$LD" a.o -z lam-report=warning -o out 2>said
grep -q 'warning: a.o: missing LAM_U48 property' said
grep -q 'warning: a.o: missing LAM_U57 property' said
echo 'int f(void) { return 0; }' >b.c
$CC -c -fcf-protection=full b.c
"$LD" -r b.o -z cet-report=error -o c.o
echo 'int g(void) { return 0; }' >d.c
if $CC -c -march=x86-64-v3 -mneeded d.c 2>/dev/null; then
    "$LD" -shared d.o -z isa-level-report=needed -o d.so | grep -q 'd.o: x86 ISA needed: .*x86-64-v3'
fi
# What is forced needs no promise.
must_fail "$LD" a.o -z cet-report=error -z ibt -o out 2>said
grep -q 'error: a.o: missing SHSTK property' said
"$LD" a.o -z cet-report=error -z ibt -z shstk -o out 2>said
[ ! -s said ]
readelf -n out | grep -q 'IBT, SHSTK'
