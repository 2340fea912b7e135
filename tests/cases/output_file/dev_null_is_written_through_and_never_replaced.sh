echo 'int main(void) { return 0; }' >a.c
$CC -c a.c
# Not the machine's own /dev/null: a device of ours with the same numbers, where we may make one.
if ! mknod null c 1 3 2>log; then
    echo 'device nodes cannot be made here'
    exit 77
fi
"$WCC" a.o -o null
[ -c null ]
$CC -B"$AS_LD" a.o -o null
[ -c null ]
