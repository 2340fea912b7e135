echo 'int f(int x) { return x; } int table[1000] = {1};' >f.c
$CC -c f.c
ar rcs libf.a f.o
echo 'int f(int); int main(void) { return f(0); }' >m.c
"$WCC" m.c -L. -lf -o prog --wcc-report=page.html
./prog
grep -q '"\./libf.a(f.o)","m.c","f"' page.html || grep -q 'libf.a(f.o)","m.c","f"' page.html
grep -q '\["table",4000\]' page.html
grep -q '\["write",[0-9]*,[0-9]*\]' page.html
must_fail grep -q 'https\?://' page.html
# The page does not change the program.
"$WCC" m.c -L. -lf -o other
cmp prog other
must_fail "$WCC" -fuse-ld=bfd m.c -L. -lf --wcc-report=page.html 2>err
grep -q 'built-in linker' err
# The compiler asks for the link line of its own run-times.
"$WCC" -fopenacc m.c -L. -lf -o prog --wcc-report=acc.html
grep -q 'libf.a' acc.html
