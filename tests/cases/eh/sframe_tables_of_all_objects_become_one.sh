# .sframe: a sorted table of functions, for profilers. GNU as writes it with --gsframe.
printf 'nop\n' | as --gsframe -o /dev/null - 2>/dev/null || { echo 'this assembler knows no --gsframe'; exit 77; }
cat >a.c <<'C'
int leaf(int a) { return a + 1; }
int frame(int n) { volatile char b[64]; b[0] = n; return n ? frame(n - 1) + b[0] : leaf(n); }
int dead(int n) { return frame(n); }
C
cat >b.c <<'C'
#include <stdio.h>
int frame(int);
int main(void) { printf("%d\n", frame(3)); return 0; }
C
"$CC" -O1 -ffunction-sections -Wa,--gsframe -c a.c b.c
mkdir bin
ln -s "$LD" bin/ld

# Every function of `names` has its entry, with the size of its symbol, and nothing else has one.
look() {
    objdump --sframe=.sframe "$1" >dump
    grep -q 'SFRAME_F_FDE_SORTED' dump
    grep -o 'pc = .*' dump >entries
    for f in $2; do
        set -- "$1" "$2" $(nm -S "$1" | grep " $f\$")
        printf 'pc = 0x%x, size = %d bytes\n' "$((16#$3))" "$((16#$4))"
    done | sort >want
    sort entries | cmp - want
    readelf -lW "$1" | grep -q 'GNU_SFRAME'
}
"$CC" -B bin a.o b.o -o out
[ "$(./out)" = 7 ]
look out 'leaf frame dead main'
# The rows are those of the object.
rows() { objdump --sframe=.sframe "$1" | grep -E '(sp|fp)[+]' | sed 's/^ *[0-9a-f]*//'; }
rows out >have
for o in a.o b.o; do rows $o; done >want
cmp have want

"$CC" -B bin a.o b.o -o out -Wl,--gc-sections
look out 'frame leaf main' || look out 'frame main'

# A partial link leaves several tables in one section.
"$LD" -r a.o b.o -o r.o
"$CC" -B bin r.o -o out
look out 'leaf frame dead main'

printf 'SECTIONS { /DISCARD/ : { *(.sframe) } } INSERT AFTER .text;\n' >script
"$CC" -B bin a.o b.o -o out -Wl,-T,script
readelf -SW out >sections
must_fail grep -q sframe sections
