# LOAD_SEGMENT with a name of one's own: its sections, its flags, its place, its size; what cannot be is refused.
LD="$LD --wcc-ld-dialect=solaris"
cat >m.s <<'S'
.globl _start, mine, first, second
.weak osize
.section .text.first,"ax"
first: ret
.section .text.second,"ax"
second: ret
.section .mine,"aw"
mine: .quad 1
.section .minebss,"aw",@nobits
.zero 100
.section .ro,"a"
.quad 7
.section .rodata,"a"
.quad 8
.text
_start: call first
.data
.quad osize
S
$CC -c m.s
cp m.o other.o
echo '.section .ro,"a"
.quad 9' >n.s
$CC -c n.s
ar rcs libn.a n.o
map() { printf '$mapfile_version 2\n%s\n' "$1" >map; }
link() { map "$1"; shift; $LD -dn -M map m.o "$@" -o prog 2>said; [ ! -s said ] || { cat said; exit 1; }; readelf -lW prog >headers; readelf -SW prog >sections; }
refused() { map "$1"; must_fail $LD -dn -M map m.o -o no 2>said; grep -qF "$2" said || { cat said; exit 1; }; }
address() { readelf -sW prog | awk -v n="$1" '$8 == n { print $2; exit }'; }
holds() { awk -v n="$1" '$1 == n { $1 = ""; print }' <(sed -n '/Segment Sections/,$p' headers) | grep -qx " $2" || { cat headers; exit 1; }; }
own='FLAGS = READ WRITE; ASSIGN_SECTION { IS_NAME = .mine; }; ASSIGN_SECTION { IS_NAME = .minebss; };'
# Between text and data; READ WRITE EXECUTE if nothing is said.
map 'LOAD_SEGMENT own { ASSIGN_SECTION { IS_NAME = .ro; }; };'
$LD -dn -M map m.o -o prog 2>said
grep -q 'has a LOAD segment with RWX permissions' said
readelf -lW prog >headers
holds 01 .ro
grep -A2 ' R E ' headers | grep -q ' RWE '
link "LOAD_SEGMENT own { $own SIZE_SYMBOL = osize; };"
holds 01 '.mine .minebss'
[ $((16#$(address osize))) = 108 ]
"${LD%% *}" --verify-load=illumos prog
link "LOAD_SEGMENT own { $own VADDR = 0x900000; ALIGN = 0x10000; PADDR = 0x1000000; MAX_SIZE = 0x100; };"
grep -q '0x0000000000900000 0x0000000001000000 0x000008 0x00006c RW  0x10000' headers
[ $((16#$(address mine))) = $((0x900000)) ]
refused "LOAD_SEGMENT own { $own MAX_SIZE = 0x10; };" 'map:2:14: segment own has 0x6c bytes, MAX_SIZE allows 0x10'
# SEGMENT_ORDER: two of them, and one behind data.
two='LOAD_SEGMENT one { FLAGS = READ WRITE; ASSIGN_SECTION { IS_NAME = .mine; }; }; LOAD_SEGMENT two { FLAGS = READ WRITE; ASSIGN_SECTION { IS_NAME = .minebss; }; };'
link "$two"
holds 01 .mine
holds 02 .minebss
link "$two SEGMENT_ORDER = text two one data;"
holds 01 .minebss
holds 02 .mine
link "$two SEGMENT_ORDER = text one data two;"
holds 01 .mine
holds 03 .minebss
refused "$two SEGMENT_ORDER = one text data;" "SEGMENT_ORDER: text comes first"
# IS_ORDER and OS_ORDER.
link 'LOAD_SEGMENT text { ASSIGN_SECTION b { IS_NAME = .text.second; }; ASSIGN_SECTION a { IS_NAME = .text.first; }; IS_ORDER = b a; };'
[ $((16#$(address second))) -lt $((16#$(address first))) ]
link 'LOAD_SEGMENT text { OS_ORDER = .text .rodata; };'
[ "$(awk '$2 == "]" || $1 == "[" { print $3 }' sections | grep -nx -e .text -e .rodata | head -1 | cut -d: -f2)" = .text ]
link ''
[ "$(awk '$2 == "]" || $1 == "[" { print $3 }' sections | grep -nx -e .text -e .rodata | head -1 | cut -d: -f2)" = .rodata ]
# By file; sections that go where their flags would not lead; members of archives; the first criterion counts.
link 'LOAD_SEGMENT own { FLAGS = READ; ASSIGN_SECTION { IS_NAME = .ro; FILE_OBJNAME = n.o; }; };' -z allextract libn.a
holds 01 .ro
[ "$(grep -c ' \.ro ' sections)" = 2 ]
link 'LOAD_SEGMENT own { FLAGS = READ; ASSIGN_SECTION { IS_NAME = .ro; FILE_BASENAME = "libn.a(n.o)"; }; };' -z allextract ./libn.a
[ "$(grep -c ' \.ro ' sections)" = 2 ]
link 'LOAD_SEGMENT own { FLAGS = READ; ASSIGN_SECTION { IS_NAME = .ro; FILE_PATH = elsewhere/n.o; }; };' n.o
[ "$(grep -c ' \.ro ' sections)" = 1 ]
link 'LOAD_SEGMENT data { ASSIGN_SECTION { IS_NAME = .ro; }; };'
grep -q ' \.data \.ro *\| \.ro \.data\|\.mine.*\.ro' headers
# Version 1, with a segment that is room only.
printf 'own = LOAD ?R V0x800000 A0x10000;\nown : .ro : *m.o;\nroom = LOAD ?RW V0xa00000 L0x5000 ?E;\n' >map
$LD -dn -M map m.o -o prog
readelf -lW prog >headers
grep -q '0x0000000000800000 0x0000000000800000 0x000008 0x000008 R   0x10000' headers
grep -q '0x0000000000a00000 0x0000000000a00000 0x000000 0x005000 RW ' headers
printf 'room = LOAD ?RW ?E;\n' >map
must_fail $LD -dn -M map m.o -o no 2>said
grep -q 'room: a segment without sections (?E) needs an address' said
# What has its place told to the run-time linker stays; a segment that cannot be written to is said.
printf '.section .init_array,"aw",@init_array\n.quad 0\n' >i.s
$CC -c i.s
map 'LOAD_SEGMENT own { ASSIGN_SECTION { TYPE = INIT_ARRAY; }; };'
must_fail $LD -dn -M map m.o i.o -o no 2>said
grep -q 'segment own: section .init_array cannot be moved' said
map 'LOAD_SEGMENT own { FLAGS = READ; ASSIGN_SECTION { IS_NAME = .mine; }; };'
$LD -dn -M map m.o -o prog 2>said
grep -q 'map:2:14: segment own: section .mine is written to, and the segment has no WRITE' said
map 'NULL_SEGMENT spare;'
$LD -dn -M map m.o -o prog
readelf -lW prog | grep -q NULL
# A library: segments share no page, and ld.so.1 can map it.
link 'LOAD_SEGMENT own { FLAGS = READ WRITE; ASSIGN_SECTION { IS_NAME = .mine; }; };'
$LD -G -M map -z textoff m.o -o lib.so
"${LD%% *}" --verify-load=illumos lib.so
