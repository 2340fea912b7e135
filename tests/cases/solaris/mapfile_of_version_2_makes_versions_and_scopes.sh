cat > l.c <<'X'
int old(void) { return 1; } int newer(void) { return old(); } int prot(void) { return 2; }
int user(void) { return prot(); } int hidden(void) { return 3; } int gone(void) { return 4; } int other;
X
cat > map <<'X'
$mapfile_version 2
$if !_ELF64
$error for 64 bits only
$endif
SYMBOL_VERSION LIB_1.2 { global: newer; user; } LIB_1.1;
SYMBOL_VERSION LIB_1.1 { old; protected: prot; };
SYMBOL_VERSION LIB_EMPTY { } LIB_1.2;
SYMBOL_SCOPE { hidden: hidden; eliminate: gone; local: *; };
X
$CC -fPIC -O1 -c l.c
for how in "-G -M map" "-m elf_x86_64_sol2 -shared -M map"; do
    $LD $how -h libl.so.1 l.o -o libl.so
    readelf -W --dyn-syms libl.so > symbols
    grep -q 'PROTECTED .* prot' symbols
    must_fail grep -E ' (hidden|gone|other)$' symbols
    readelf -VW libl.so > versions
    grep -q 'Name: LIB_1.2' versions; grep -q 'Parent 1: LIB_1.1' versions; grep -q 'Name: libl.so.1' versions
    # Reserved symbols are in the base version.
    grep -q ' _end' symbols
    # prot is called directly.
    readelf -rW libl.so > relocs; must_fail grep prot relocs
    "$LD" --verify-load=illumos libl.so
done
$LD -G -M map -h libl.so.1 l.o -o libl.so
readelf -SW libl.so > sections
[ "$(grep -c '\.SUNW_version ' sections)" = 1 ]; grep -q '\.SUNW_versym ' sections
readelf -VW libl.so | grep 'Flags: WEAK' | grep -q 'LIB_EMPTY'
readelf -dW libl.so > dynamic; grep -q '(VERDEF)' dynamic; must_fail grep VERSYM dynamic
# A program records the versions it uses, from a library without DT_VERSYM.
echo 'extern int newer(void); void _start(void) { newer(); }' > m.c
$CC -c m.c
$LD -G l.o -M map -h libl.so.1 -o libl.so
$LD --wcc-ld-dialect=solaris m.o libl.so -o prog
readelf -VW prog | grep -q 'Name: LIB_1.2'
readelf -SW prog | grep -q '\.SUNW_version .*VERNEED'
"$LD" --verify-load=illumos prog
