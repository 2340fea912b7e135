echo 'int missing(void); int main(void) { return missing(); }' >bad.c
$CC -c bad.c
must_fail "$WCC" bad.o -o prog 2>err
must_fail [ -e prog ]
[ "$(ls)" = "bad.c
bad.o
err" ]
