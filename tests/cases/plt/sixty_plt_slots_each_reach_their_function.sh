# Lazy binding indexes relocations by the number pushed in each entry: all of them must be right.
n=60
{
    i=0
    while [ $i -lt $n ]; do echo "int f$i(void) { return $i; }"; i=$((i + 1)); done
} >lib.c
{
    i=0
    while [ $i -lt $n ]; do echo "int f$i(void);"; i=$((i + 1)); done
    echo 'int main(void) {'
    i=0
    while [ $i -lt $n ]; do echo "if (f$i() != $i) return 1;"; i=$((i + 1)); done
    echo 'return 0; }'
} >main.c
$CC -fPIC -c lib.c
$CC -c main.c
$CC -B"$AS_LD" -shared lib.o -o lib.so
for mode in lazy now; do
    $CC -B"$AS_LD" main.o lib.so -o main -Wl,-z,$mode,-rpath,.
    ./main
    "$LINKDIFF" --check main lib.so
done
