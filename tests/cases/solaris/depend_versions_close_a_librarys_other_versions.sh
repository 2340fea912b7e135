# DEPEND_VERSIONS: ALLOW with what it inherits may be bound to, nothing else; REQUIRE is recorded whether used or not.
SOL="$LD --wcc-ld-dialect=solaris"
echo 'int f1(void) { return 1; } int f2(void) { return 2; } int f3(void) { return 3; }' >l.c
$CC -fPIC -c l.c
printf 'V1 { global: f1; };\nV2 { global: f2; } V1;\nV3 { global: f3; local: *; } V2;\n' >versions
$SOL -G -h libl.so.1 -M versions l.o -o libl.so
echo 'int f1(void), f2(void), f3(void); int one(void) { return f1() + f2(); } int all(void) { return one() + f3(); }' >u.c
echo 'int f1(void); int one(void) { return f1(); }' >one.c
$CC -fPIC -c u.c one.c
printf '$mapfile_version 2\nDEPEND_VERSIONS libl.so.1 { ALLOW = V2; };\n' >allow
must_fail $SOL -G -z defs -M allow u.o libl.so -o libu.so 2>said
grep -q 'undefined symbol: f3' said
must_fail grep -q 'undefined symbol: f[12]' said
printf 'libl.so - V3;\n' >allow.v1
$SOL -G -z defs -M allow.v1 u.o libl.so -o libu.so
printf '$mapfile_version 2\nDEPEND_VERSIONS libl.so { ALLOW = V1; REQUIRE = V3; };\n' >require
printf 'libl.so - V1 $ADDVERS=V3;\n' >require.v1
for map in require require.v1; do
    $SOL -G -z defs -M $map one.o libl.so -o libu.so
    readelf -VW libu.so >needs
    grep -q 'Name: V1 ' needs
    grep -q 'Name: V3 ' needs
done
printf '$mapfile_version 2\nDEPEND_VERSIONS libl.so { ALLOW = V9; };\n' >bad
must_fail $SOL -G -M bad one.o libl.so -o libu.so 2>said
grep -q 'bad:2:17: libl.so defines no version V9' said
