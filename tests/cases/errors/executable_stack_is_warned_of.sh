echo 'int main(void) { return 0; }' >a.c
printf '.section .note.GNU-stack,"x",@progbits\n' >x.s
$CC -c a.c x.s
link() { $CC -B"$AS_LD" a.o "$@" -o out 2>said; }
link x.o
grep -q 'warning: x.o: requires executable stack (because the .note.GNU-stack section is executable)' said
link x.o -Wl,--no-warn-execstack
[ ! -s said ]
link x.o -z noexecstack
[ ! -s said ]
link -z execstack
[ ! -s said ]
link -z execstack -Wl,--warn-execstack
grep -q 'warning: enabling an executable stack because of -z execstack' said
must_fail link x.o -Wl,--error-execstack
grep -q 'error: x.o: requires executable stack' said
must_fail link x.o -Wl,--fatal-warnings
