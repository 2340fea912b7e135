# e_shnum and st_shndx do not fit: section numbers stand in sh_size, sh_link and SHT_SYMTAB_SHNDX.
n=66000
{
    i=0
    while [ $i -lt $n ]; do
        echo ".section .text.f$i,\"ax\",@progbits"
        echo "f$i: ret"
        i=$((i + 1))
    done
    echo '.globl last'
    echo 'last: mov $9, %eax; ret'
    echo '.section .note.GNU-stack,"",@progbits'
} >many.s
as many.s -o many.o
echo 'int last(void); int main(void) { return last() != 9; }' >main.c
$CC -c main.c
$CC -B"$AS_LD" main.o many.o -o main
./main
"$LINKDIFF" --check main
"$LINKDIFF" --expect main 'symbol f65999' 'symbol last FUNC' || "$LINKDIFF" --expect main 'symbol f65999' 'symbol last'
