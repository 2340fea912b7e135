echo 'int main(void) { return 0; }' >a.c
$CC -c a.c
: >prog
chmod 600 prog
"$WCC" a.o -o prog
./prog
