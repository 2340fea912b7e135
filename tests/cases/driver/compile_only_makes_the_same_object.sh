echo 'int f(int x) { return x + 1; }' >f.c
WCC_CC=$CC "$WCC" -c f.c -o ours.o
$CC -c f.c -o theirs.o
cmp ours.o theirs.o
WCC_CC=$CC "$WCC" -S f.c -o ours.s
$CC -S f.c -o theirs.s
cmp ours.s theirs.s
WCC_CC=$CC "$WCC" -E f.c >ours.i
$CC -E f.c >theirs.i
cmp ours.i theirs.i
