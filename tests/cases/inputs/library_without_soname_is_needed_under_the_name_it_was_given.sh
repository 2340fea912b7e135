# GNU ld: a path as it was written, `-l` by file name.
mkdir dir
$CC -shared -fPIC -xc - -o dir/libplain.so <<<'int f(void) { return 0; }'
echo 'int f(void); int main(void) { return f(); }' >m.c
$CC -c m.c
$WCC m.o ./dir/libplain.so -o by-path
readelf -d by-path | grep -F 'Shared library: [./dir/libplain.so]'
./by-path
$WCC m.o -Ldir -lplain -o by-name
readelf -d by-name | grep -F 'Shared library: [libplain.so]'
$WCC m.o -Ldir -l:libplain.so -o by-file
readelf -d by-file | grep -F 'Shared library: [libplain.so]'
