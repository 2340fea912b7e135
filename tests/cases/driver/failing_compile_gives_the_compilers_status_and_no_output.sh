echo 'int main(void) { return }' >bad.c
echo 'int f(void) { return 0; }' >good.c
status=0
"$WCC" bad.c good.c -o prog 2>err || status=$?
[ "$status" = 1 ]
grep -q 'bad.c' err
must_fail [ -e prog ]
status=0
"$WCC" -c bad.c 2>err || status=$?
[ "$status" = 1 ]
