echo 'int main(void) { return 0; }' >good.c
echo 'int missing(void); int main(void) { return missing(); }' >bad.c
$CC -c good.c bad.c
$CC -B"$AS_LD" good.o -o prog
cp prog before
must_fail $CC -B"$AS_LD" bad.o -o prog 2>err
cmp prog before
./prog
[ "$(ls | grep -v -e good -e bad -e prog -e before -e err)" = "" ]
