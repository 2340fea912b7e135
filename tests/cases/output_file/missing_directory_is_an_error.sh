echo 'int main(void) { return 0; }' >a.c
$CC -c a.c
must_fail "$WCC" a.o -o no/such/dir/out 2>err
grep -q 'no/such/dir/out' err
