echo 'int main(void) { return 0; }' >a.c
$CC -c a.c
"$WCC" -fuse-ld=bfd a.o -o prog
./prog
must_fail "$WCC" -fuse-ld=nosuchlinker a.o -o prog2 2>err
grep -q nosuchlinker err
"$WCC" -fuse-ld=wcc a.o -o prog3
"$LINKDIFF" --expect prog3 'text .comment wcc'
