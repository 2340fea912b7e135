echo 'int main(void) { return 0; }' >a.c
$CC -c a.c
mkdir out
must_fail "$WCC" a.o -o out 2>err
grep -q 'out' err
[ -d out ]
[ -z "$(ls out)" ]
