# Such a library says where its symbols, versions and needs are by PT_DYNAMIC alone, as the run-time linker reads it.
cat >lib.c <<'X'
int counter = 40;
const char greeting[24] __attribute__((aligned(16))) = "hello";
int bump(int by) { return counter += by; }
int old_bump(int by) { return -by; }
__asm__(".symver old_bump, both@V1");
int new_bump(int by) { return by; }
__asm__(".symver new_bump, both@@V2");
extern const char *other(void);
const char *through(void) { return other(); }
X
echo 'const char *other(void) { return "other"; }' >other.c
echo 'V1 { global: counter; greeting; bump; through; both; local: *; }; V2 { global: both; } V1;' >lib.map
cat >main.c <<'X'
#include <stdio.h>
extern int counter, bump(int), both(int);
extern const char greeting[24], *through(void);
int main(void) {
    int n = bump(2);
    printf("%d %d %s %d %s %d\n", n, counter, greeting, (int)((unsigned long)greeting % 16), through(), both(5));
    return 0;
}
X
gcc -fPIC -O1 -c lib.c other.c
gcc -O1 -fno-pie -c main.c
"$WCC" -shared other.o -Wl,-soname,libother.so -o libother.so
for hash in gnu sysv both; do
    "$WCC" -shared lib.o -Wl,-soname,liblib.so,--version-script=lib.map,--hash-style=$hash,-z,nosectionheader -L. -lother -o liblib.so
    readelf -hW liblib.so | grep -q 'Number of section headers: *0$'
    "$WCC" -no-pie main.o -L. -llib -Wl,-rpath-link,. -o prog
    [ "$(LD_LIBRARY_PATH=. ./prog)" = "42 42 hello 0 other 5" ]
    readelf -dW prog >dynamic
    grep -q 'NEEDED.*\[liblib.so\]' dynamic
    readelf -W --dyn-syms prog | grep -q 'both@V2'
done
# Damaged: the tables are not where it says.
head -c 700 liblib.so >cut.so
must_fail "$WCC" -no-pie main.o ./cut.so -o prog2 2>said
grep -q 'cut.so' said
