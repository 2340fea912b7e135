echo 'int main(void) { return 0; }' >a.c
$CC -c a.c
nulls() { readelf -dW out | grep -c '(NULL)' || :; size=$(readelf -SW out | sed -n 's/.* \.dynamic *DYNAMIC *[0-9a-f]* [0-9a-f]* \([0-9a-f]*\) .*/\1/p'); }
$CC -B"$AS_LD" a.o -Wl,--spare-dynamic-tags=0 -o out
nulls
few=$((0x$size))
$CC -B"$AS_LD" a.o -Wl,--spare-dynamic-tags=9 -o out
nulls
[ $((0x$size)) = $((few + 9 * 16)) ]
./out
