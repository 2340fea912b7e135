echo 'int f(void) { return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
$CC -c f.c m.c
mv f.o f.xyz
printf '%s\n' '-o "my prog"' "m.o f.xyz -O2" >args
"$WCC" @args
"./my prog"
# Modules of a program are often called so; to some compilers it is a source's suffix.
for suffix in mod d ll; do
    cp f.xyz f.$suffix
done
"$WCC" m.o f.mod -o prog2
./prog2
if clang=$(command -v clang-19 || command -v clang); then
    WCC_CC=$clang "$WCC" m.o f.d -o prog3
    ./prog3
fi
WCC_CC=gcc "$WCC" m.o f.ll -o prog4
./prog4
