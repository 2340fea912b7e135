cat >a.c <<'X'
int used(int n) { return n; }
int dead(int n) { while (n > 5) n = n * 3 % 7; return n; }
int main(void) { return used(0); }
X
# Text of a section's bytes.
bytes() { readelf -x "$1" "$2" 2>/dev/null | sed -nE 's/^ +0x[0-9a-f]+ (.{35}).*/\1/p' | tr -d ' \n'; }
for dwarf in 4 5; do
    $CC -gdwarf-$dwarf -O1 -fno-inline -ffunction-sections -c a.c
    $WCC -no-pie a.o -o out -Wl,--gc-sections
    must_fail sh -c "nm out | grep ' dead$'"
    # The function's entry is there, at address 0.
    readelf --debug-dump=info out | grep -A12 ': dead$' | grep -E 'DW_AT_low_pc *: (0x)?0$' >/dev/null
    readelf --debug-dump=info out | grep -A12 ': used$' | grep -E 'DW_AT_low_pc *: 0x4' >/dev/null
    $WCC -no-pie a.o -o out -Wl,--gc-sections -Wl,-z,dead-reloc-in-nonalloc='.debug_i*=0x1234'
    readelf --debug-dump=info out | grep -A12 ': dead$' | grep -E 'DW_AT_low_pc *: 0x1234$' >/dev/null
    if [ $dwarf = 4 ]; then
        # Lists end at two zeros: theirs are ones.
        $WCC -no-pie a.o -o out -Wl,--gc-sections
        bytes .debug_ranges out | grep '01000000000000000100000000000000' >/dev/null
    fi
done
must_fail $WCC a.o -o out -Wl,-z,dead-reloc-in-nonalloc=5 2>err
grep -q 'GLOB=VALUE' err
