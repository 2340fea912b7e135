# Descriptions of functions without code, which GCC leaves of empty cold parts, have the address of the function that comes
# next: looking that up must find the function.
{
    echo '.section .text.unlikely,"ax",@progbits'
    for i in $(seq 40); do echo "cold$i: .cfi_startproc
.cfi_endproc"; done
} >cold.s
as cold.s -o cold.o
cat >run.cc <<'A'
void first();
void second();
__attribute__((cold)) int run() {
    try {
        first();
    } catch (int) {
        second();
    }
    return 0;
}
A
cat >main.cc <<'A'
void first() { throw 1; }
void second() { throw 2L; }
int run();
int main() {
    try {
        return run() + 1;
    } catch (long n) {
        return n != 2;
    }
}
A
$CXX -O1 -c run.cc main.cc
for kind in -pie -no-pie -static; do
    "$WCCXX" $kind cold.o run.o main.o -o prog
    ./prog
done
readelf --debug-dump=frames prog 2>&1 >frames | cat
must_fail grep -q 'pc=\([0-9a-f]*\)\.\.\1$' frames
