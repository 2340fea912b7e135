echo 'int data = 5; int *where(void) { return &data; }' >l.c
echo 'extern int data; int *where(void); int main(void) { return &data != where() || data != 5; }' >a.c
$CC -shared -fPIC l.c -o libl.so
$CC -c -fPIC a.c
$CC -B"$AS_LD" a.o libl.so -z indirect-extern-access -Wl,-rpath,. -o out
./out
readelf -nW out | grep -qi 'indirect.*external access'
readelf -rW out >relocs
must_fail grep -q R_X86_64_COPY relocs
# Code that was compiled for a copy cannot have one.
$CC -c -fno-pie -O1 -mno-direct-extern-access a.c 2>/dev/null || exit 0
$CC -c -fno-pie -O1 a.c
must_fail $CC -no-pie -B"$AS_LD" a.o libl.so -z indirect-extern-access -o out2
