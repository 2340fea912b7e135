#@ needs: gdb
cat >a.c <<'X'
int other(int x);
int main(void) {
    return other(3);
}
X
cat >b.c <<'X'
int other(int x) {
    return x - 3;
}
X
$CC -g -O0 -c a.c
$CC -g -O0 -gz -c b.c
$CC -B"$AS_LD" a.o b.o -o main
gdb -batch -ex 'info line other' -ex 'info line main' main >log 2>&1
grep -q 'Line 1 of "b.c"' log
grep -q 'Line 2 of "a.c"' log
