echo 'int g(void); int f(void) { return g(); }' >f.c
echo 'int g(void) { return 0; }' >g.c
echo 'int f(void); int main(void) { return f(); }' >m.c
$CC -c f.c g.c m.c
ar rcs libf.a f.o
ar rcs libg.a g.o
"$WCC" m.o -L. -lf -lg -o ok
./ok
must_fail "$WCC" m.o -L. -lg -lf -o bad 2>err
