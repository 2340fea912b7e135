cat >lib.c <<'X'
int one(void) { return 1; }
X
cat >main.c <<'X'
int one(void);
int main(void) { return one() - 1; }
X
$CC -fPIC -c lib.c
$CC -c main.c
echo 'V_1 { global: one; local: *; };' >new
echo 'V_0 { global: one; local: *; };' >old
$WCC --sysroot="$S" -shared lib.o -Wl,-h,libv.so -Wl,--version-script,new -o libv.so
$WCC --sysroot="$S" main.o libv.so -o prog
$ILX ./prog
$WCC --sysroot="$S" -shared lib.o -Wl,-h,libv.so -Wl,--version-script,old -o libv.so
status=0
$ILX ./prog 2>err || status=$?
[ $status = 126 ]
grep -q 'R17: version not found: V_1' err
