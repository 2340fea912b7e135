echo 'int main(void) { return 0; }' >a.c
"$WCC" '-###' a.c -o prog 2>plan
must_fail [ -e prog ]
grep -q 'a.c' plan
grep -q 'Scrt1.o\|crt1.o' plan
