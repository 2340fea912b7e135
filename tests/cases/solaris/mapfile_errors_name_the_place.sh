echo 'int f(void) { return 1; }' > l.c
$CC -fPIC -c l.c
try() {
    printf '%s\n' "$1" > map
    must_fail $LD -G -M map l.o -o libl.so 2> errors
    grep -qF "$2" errors || { cat errors; exit 1; }
}
try $'$mapfile_version 2\nSYMBOL_SCOPE { global: f\n' "map:4:1: expected ';'"
try $'$mapfile_version 2\nSYMBOL_SCOPE { nowhere: f; };' "map:2:16: 'nowhere' is no symbol scope"
try $'$mapfile_version 2\nSEGMENT text { };' "map:2:1: 'SEGMENT' is no mapfile directive"
try $'$mapfile_version 2\n$error not for this' "map:2:1: not for this"
try $'V2 { f; } V1;' "map:1:1: version V2 depends on V1, which no mapfile defines"
try $'$mapfile_version 2\nSYMBOL_SCOPE { f { ASSERT = { SIZE = 3; TYPE = OBJECT } }; };' "map:2:16: ASSERT f: its size is"
try $'$mapfile_version 2\nLOAD_SEGMENT tls { VADDR = 0x1000; };' "map:2:14: segment tls: only text, data and segments of one's own may have an address"
must_fail $LD -G -M missing l.o -o libl.so 2> errors
grep -q 'cannot open mapfile missing: No such file' errors
