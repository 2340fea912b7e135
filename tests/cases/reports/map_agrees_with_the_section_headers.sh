cat >a.c <<'E'
#include <stdio.h>
int table[1000];
int common_one;
const char *text = "some text";
static int local_one(void) { return 7; }
int used(void);
int main(void) { printf("%s %d %d\n", text, used(), local_one()); return 0; }
E
echo 'int used(void) { return 1; }' >b.c
echo 'int unused(void) { return 2; }' >c.c
$CC -c -fcommon -fno-pie a.c b.c c.c
ar rcs lib.a b.o c.o
$CC -no-pie -B"$AS_LD" a.o lib.a -Wl,-Map=map,--print-map-locals -o out
./out
grep -A2 '^Archive member included' map | grep -q 'lib.a(b.o)  *a.o (used)'

grep -q '^common_one  *0x4  *a\.o$' map
grep -q '^\*default\*  *0x0000000000000000 0xffffffffffffffff$' map
grep -q '^LOAD a\.o$' map
grep -q '^LOAD lib\.a$' map
grep -q '^OUTPUT(out elf64-x86-64)$' map
must_fail grep -q 'c\.o' map
# Every output section: name, address and size are those of the file.
readelf -SW out | sed -n 's/^ *\[ *[0-9]*\] \(\.[^ ]*\) *[A-Z_0-9a-fx]* *\([0-9a-f]*\) [0-9a-f]* \([0-9a-f]*\) .*/\1 \2 \3/p' |
    while read -r name addr size; do
        case $name in .symtab | .strtab | .shstrtab) continue ;; esac
        awk -v n="$name" '$0 == n { getline; print n, $1, $2; exit } $1 == n && /^\./ { print $1, $2, $3; exit }' map >line
        read -r _ a s <line
        [ $((a)) = $((0x$addr)) ] && [ $((s)) = $((0x$size)) ] || { echo "$name: $addr $size, map: $a $s"; exit 1; }
    done
# And symbols, local ones too.
for symbol in main used table local_one; do
    addr=$(nm out | sed -n "s/^\([0-9a-f]*\) [a-zA-Z] $symbol$/\1/p")
    grep -q "^  *0x$addr  *$symbol$" map
done
