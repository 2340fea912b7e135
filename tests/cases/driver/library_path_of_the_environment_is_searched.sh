mkdir libs
echo 'int f(void) { return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
$CC -c f.c m.c
ar rcs libs/libf.a f.o
must_fail "$WCC" m.o -lf -o no 2>err
LIBRARY_PATH=$PWD/libs "$WCC" m.o -lf -o yes
./yes
