# e_shnum, st_shndx and e_shstrndx do not fit into 16 bits.
for half in a b; do
    {
        i=0
        while [ $i -lt 33000 ]; do
            echo ".section .text.$half$i,\"ax\",@progbits"
            echo "$half$i: ret"
            i=$((i + 1))
        done
        echo ".globl last_$half"
        echo "last_$half: mov \$4, %eax; ret"
        echo ".section .note.GNU-stack,\"\",@progbits"
    } >$half.s
    as $half.s -o $half.o
done
"$LD" -r a.o b.o -o ab.o
readelf -SW ab.o | grep 'SYMTAB SECTION INDICES' >/dev/null
echo 'int last_a(void), last_b(void); int main(void) { return last_a() + last_b() - 8; }' >main.c
$CC -c main.c
for linker in '' "-B$AS_LD"; do
    $CC $linker main.o ab.o -o main
    ./main
done
nm ab.o >names
grep -q ' t b32999$' names
grep -q ' t a0$' names
