echo 'int g(void); int f(void) { return g(); }' >f.c
echo 'int g(void) { return 0; }' >g.c
echo 'int f(void); int main(void) { return f(); }' >m.c
$CC -c f.c g.c m.c
ar rcs libf.a f.o
mkdir first
echo 'int g(void) { return 7; }' >first/g.c
$CC -c first/g.c -o first/g.o
ar rcs first/libg2.a first/g.o
ar rcs libg.a g.o
"$WCC" m.o -L. -lf -lg -o ok
./ok
# The first library on the line that defines it wins, wherever the objects stand.
"$WCC" m.o -L. -Lfirst -lf -lg2 -lg -o other
status=0
./other || status=$?
[ "$status" = 7 ]
