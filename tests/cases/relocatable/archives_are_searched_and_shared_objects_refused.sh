echo 'int wanted(void); int f(void) { return wanted() + 1; }' >a.c
echo 'int nowhere(void); int wanted(void) { return nowhere(); }' >b.c
echo 'int unwanted(void) { return 3; }' >c.c
$CC -c a.c b.c c.c
rm -f libx.a
ar rcs libx.a b.o c.o
"$LD" -r a.o -L. -lx -o ax.o
nm ax.o >log
grep -q ' T wanted$' log
grep -q ' U nowhere$' log
must_fail grep -q unwanted log
"$LD" -r a.o -L. --whole-archive -lx -o ax.o
nm ax.o | grep ' T unwanted$' >/dev/null
"$LD" -r a.o -u unwanted libx.a -o ax.o
nm ax.o | grep ' T unwanted$' >/dev/null
$CC -shared -fPIC c.c -o libc2.so
must_fail "$LD" -r a.o ./libc2.so -o refused.o 2>err
grep -q 'libc2.so: a shared object cannot be part of relocatable output' err
[ ! -e refused.o ]
must_fail "$LD" -r a.o a.o -o refused.o 2>err
grep -q 'duplicate symbol: f' err
# What no linker could read again is not made.
printf '.globl f\nf: ret\n' | as -o plain.o -
must_fail "$LD" -r -z nosectionheader plain.o -o none.o 2>log
grep -q -e '-r and -z nosectionheader may not be used together' log
