#@ needs: aarch64-linux-gnu-gcc
echo 'int f(void) { return 0; }' >a.c
aarch64-linux-gnu-gcc -c a.c -o arm.o
echo 'int f(void); int main(void) { return f(); }' >main.c
$CC -c main.c
must_fail $CC -B"$AS_LD" main.o arm.o -o main 2>err
grep -q arm.o err
must_fail [ -e main ]
