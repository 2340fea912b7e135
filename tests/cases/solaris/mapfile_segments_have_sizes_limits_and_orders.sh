# LOAD_SEGMENT and its kin: obeyed, or refused at the place with a reason; a warning where nothing comes of it.
LD="$LD --wcc-ld-dialect=solaris"
cat >m.s <<'X'
.globl _start, one, two
.section .text.one,"ax"
one: ret
.section .text.two,"ax"
two: ret
.text
_start: call one
call two
.data
.quad tsize, dsize, 3
X
$CC -c m.s
sizes='LOAD_SEGMENT text { SIZE_SYMBOL = tsize; }; LOAD_SEGMENT data { SIZE_SYMBOL = dsize; };'
map() { printf '$mapfile_version 2\n%s\n%s\n' "$sizes" "$1" >map; }
obeyed() { map "$1"; $LD -dn -M map m.o -o prog 2>said; [ ! -s said ]; }
refused() { map "$1"; must_fail $LD -dn -M map m.o -o prog 2>said; grep -qF "$2" said || { cat said; exit 1; }; }
warned() { map "$1"; $LD -dn -M map m.o -o prog 2>said; grep -qF "$2" said || { cat said; exit 1; }; }
address() { readelf -sW prog | awk -v n="$1" '$8 == n { print $2 }'; }
obeyed ''
for s in text:tsize:'R E' data:dsize:'RW '; do
    IFS=: read -r _ symbol flags <<<"$s"
    size=$(readelf -lW prog | awk '/LOAD/' | grep "$flags" | awk '{ print $6 }')
    [ $((size)) = $((16#$(address $symbol))) ]
done
obeyed 'LOAD_SEGMENT text { MAX_SIZE = 0x10000; };'
refused 'LOAD_SEGMENT text { MAX_SIZE = 0x10; };' 'map:2:14: segment text has 0x'
refused 'LOAD_SEGMENT data { MAX_SIZE = 1; };' 'MAX_SIZE allows 0x1'
obeyed ''
[ $((16#$(address one))) -lt $((16#$(address two))) ]
order='ASSIGN_SECTION b { IS_NAME = .text.two; }; ASSIGN_SECTION a { IS_NAME = .text.one; }; IS_ORDER = b a;'
obeyed "LOAD_SEGMENT text { $order };"
[ $((16#$(address one))) -gt $((16#$(address two))) ]
# Version 1 orders by the sections' names.
printf 'text @ tsize;\ndata @ dsize;\ntext | .text.two;\ntext | .text.one;\n' >map
$LD -dn -M map m.o -o prog
[ $((16#$(address one))) -gt $((16#$(address two))) ]
obeyed 'PHDR_ADD_NULL = 2;'
readelf -lW prog >headers
[ "$(grep -c NULL headers)" = 2 ]
obeyed 'HDR_NOALLOC;'
readelf -lW prog >headers
must_fail grep 'LOAD *0x000000 ' headers
obeyed 'SEGMENT_ORDER = text data;'
obeyed 'LOAD_SEGMENT bss { DISABLE; }; LOAD_SEGMENT mine { DISABLE; };'
refused 'SEGMENT_ORDER = data text;' 'map:3:1: SEGMENT_ORDER: data before text'
refused 'LOAD_SEGMENT data { DISABLE; };' 'DISABLE of a segment that every output needs'
obeyed 'LOAD_SEGMENT text { ASSIGN_SECTION b { TYPE = PROGBITS; FLAGS = EXECUTE; }; IS_ORDER = b; };'
refused 'LOAD_SEGMENT note { SIZE_SYMBOL = x; };' "only text, data and segments of one's own may have a SIZE_SYMBOL"
warned 'NOTE_SEGMENT mine { ASSIGN_SECTION { TYPE = NOTE; }; };' 'ASSIGN_SECTION has no effect'
printf 'text = LOAD ?RXO;\n' >map
must_fail $LD -dn -M map m.o -o prog 2>said
grep -q 'map:1:1: segment text: ?O is not supported' said
printf 'text = LOAD ?RXE;\n' >map
must_fail $LD -dn -M map m.o -o prog 2>said
grep -q "map:1:1: segment text: only a segment of one's own" said
