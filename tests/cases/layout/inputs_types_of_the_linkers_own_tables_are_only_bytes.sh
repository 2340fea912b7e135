# An object may call its data SHT_DYNAMIC or SHT_HASH: in the output it is no table, and has nothing to link to.
for type in 5 6 11 0x6ffffff6 0x6ffffffd 0x6ffffffe 0x6fffffff; do
    printf '.section own,"a",@%s\n.quad 1,2,3,4,5,6\n.globl _start\n.text\n_start: ret\n' $type >m.s
    $CC -c m.s -o m.o
    $LD -shared m.o -o out.so
    readelf -SW out.so | grep -q ' own  *PROGBITS '
    "$LINKDIFF" --check out.so
done
