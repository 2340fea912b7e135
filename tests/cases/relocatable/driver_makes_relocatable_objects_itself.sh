echo 'int half(void); int main(void) { return half() - 21; }' >a.c
echo 'int half(void) { return 21; }' >b.c
"$WCC" -v -r a.c b.c -o ab.o 2>log
grep -q 'embedded linker' log
readelf -hW ab.o | grep 'Type: *REL ' >/dev/null
must_fail grep -q _start <(nm ab.o)
"$WCC" ab.o -o main
./main
"$WCC" -nostdlib -Wl,-r a.c b.c -o wl.o
$CC wl.o -o main
./main
