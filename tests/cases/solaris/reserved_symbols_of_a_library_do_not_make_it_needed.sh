# Every library exports _end and _etext: that is no reason to need one of them.
cat > m.c <<'X'
extern char _end[], _etext[]; extern int f(void);
long _start(void) { return _end - _etext + f(); }
X
echo 'int f(void) { return 1; }' > l.c
echo 'int g(void) { return 1; }' > n.c
$CC -fPIC -c m.c l.c n.c
$LD -m elf_x86_64_sol2 -shared -h libl.so.1 l.o -o libl.so
$LD -m elf_x86_64_sol2 -shared -h libn.so.1 n.o -o libn.so
$LD -m elf_x86_64_sol2 --as-needed m.o ./libn.so ./libl.so -o prog
readelf -dW prog | grep -q 'NEEDED.*libl.so.1'
readelf -dW prog > said; must_fail grep 'NEEDED.*libn.so.1' said
