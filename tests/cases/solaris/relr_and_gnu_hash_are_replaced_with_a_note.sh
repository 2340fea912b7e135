cat > m.c <<'X'
int a; int *p = &a; int *q = &a;
X
$CC -fPIC -c m.c
$LD -m elf_x86_64_sol2 -shared -z pack-relative-relocs --hash-style=gnu m.o -o libm.so 2> notes
grep -q 'does not read DT_RELR' notes; grep -q 'reads DT_HASH, not DT_GNU_HASH' notes
readelf -dW libm.so > dynamic
grep -q '(HASH)' dynamic; must_fail grep -q -e RELR -e GNU_HASH dynamic
$LD -m elf_x86_64_sol2 -shared --image-base=0x10000 m.o -o libm.so 2> errors && exit 1
grep -q 'linked at 0 only' errors
