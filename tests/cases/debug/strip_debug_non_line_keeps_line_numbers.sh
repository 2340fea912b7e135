#@ needs: gdb
printf '#define ONE 1\nint other(int x) { return x - ONE; }\nint main(void) { return other(1); }\n' >a.c
$CC -g3 -O0 -c a.c
$WCC a.o -o out -Wl,--strip-debug-non-line
must_fail sh -c "readelf -SW out | grep -E 'debug_macro|debug_aranges'"
./out
gdb -batch -ex 'info line other' out | grep 'Line 2 of "a.c"'
$WCC a.o -o out -Wl,--strip-debug-gdb
gdb -batch -ex 'info line other' out | grep 'Line 2 of "a.c"'
