#@ needs: gdb
cat >a.c <<'X'
int one(int n)
{
    return n * 11;
}
int two(int n)
{
    return n * 11;
}
int main(void) { return one(1) - two(1); }
X
$CC -g -O1 -fno-ipa-icf -ffunction-sections -fno-inline -c a.c
$WCC a.o -o out -Wl,--icf=all
[ "$(nm out | sed -n 's/ T one$//p')" = "$(nm out | sed -n 's/ T two$//p')" ]
gdb -batch -ex 'break a.c:3' -ex run -ex continue -ex 'info breakpoints' out >log 2>&1
grep -q 'already hit 2 times' log
gdb -batch -ex 'info line a.c:7' out 2>&1 | grep 'Line 7 of "a.c" starts'
