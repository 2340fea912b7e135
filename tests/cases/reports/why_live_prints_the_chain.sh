cat >a.c <<'E'
int deep(void) { return 0; }
int middle(void) { return deep(); }
int dead(void) { return deep(); }
int main(void) { return middle(); }
E
$CC -c -O0 -ffunction-sections a.c
$CC -B"$AS_LD" a.o -Wl,--gc-sections,--why-live='de*' -o out >why
cat why
grep -q '^live symbol: deep$' why
sed -n '/^live symbol: deep$/,$p' why >chain
[ "$(sed -n 2p chain)" = '>>> defined in a.o:(.text.deep)' ]
[ "$(sed -n 3p chain)" = '>>> referenced by a.o:(.text.middle)' ]
[ "$(sed -n 4p chain)" = '>>> referenced by a.o:(.text.main)' ]
grep -q '>>> kept because' chain
must_fail grep -q 'live symbol: dead' why
