echo 'int dead(void) { return 1; } int main(void) { return 0; }' >a.c
$CC -c -ffunction-sections a.c
$CC -B"$AS_LD" a.o -Wl,--gc-sections,-Map=map -o out
sed -n '/^Discarded input sections$/,/^Memory Configuration$/p' map >left
grep -q '^ \.text\.dead  *0x0000000000000000  *0x[0-9a-f]* a\.o$' left
$CC -B"$AS_LD" a.o -Wl,--gc-sections,-Map=map,--no-print-map-discarded -o out
must_fail grep -q 'Discarded input sections' map
# A directory gets the output's name, and - is standard output.
mkdir maps
$CC -B"$AS_LD" a.o -Wl,-Map=maps -o out
grep -q '^LOAD a\.o$' maps/out.map
$CC -B"$AS_LD" a.o -Wl,-M -o out | grep -q '^LOAD a\.o$'
