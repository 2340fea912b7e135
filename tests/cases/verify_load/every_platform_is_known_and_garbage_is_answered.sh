head -c 5000 /dev/urandom >garbage
: >empty
for platform in illumos solaris linux musl freebsd netbsd openbsd dragonfly haiku; do
    must_fail "$LD" --verify-load=$platform garbage | grep 'ELF magic'
    must_fail "$LD" --verify-load=$platform empty
done
must_fail "$LD" --verify-load=mars garbage 2>says
grep -q 'the platforms are illumos, solaris, linux, musl, freebsd, netbsd, openbsd, dragonfly, haiku' says
must_fail "$LD" --verify-load=linux no-such-file 2>says
grep -q 'cannot read no-such-file: No such file or directory' says
must_fail "$LD" --verify-load=linux 2>says
grep -q 'no input files' says
echo 'int main(void) { return 0; }' >m.c
"$WCC" m.c -o prog
"$LD" --verify-load=linux prog | grep -x 'prog: ok for linux'
must_fail "$LD" --verify-load=illumos prog >says
grep -q 'K15: the interpreter is /lib64/ld-linux' says
must_fail "$LD" --verify-load=freebsd prog >says
grep -q 'F06: ' says
must_fail "$LD" --verify-load=netbsd prog | grep 'N05: '
must_fail "$LD" --verify-load=openbsd prog | grep 'O05: '
