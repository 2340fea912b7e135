# Bits and names that say which machines an object is for: put together from inputs and mapfiles, for kernel and ld.so.1.
LD="$LD --wcc-ld-dialect=solaris"
printf '.section .SUNW_cap,"a",@0x6ffffff5\n.quad 1,0x800,3,0x20,2,4,0,0\n.text\n.globl f\nf: ret\n' >a.s
printf '.section .SUNW_cap,"a",@0x6ffffff5\n.quad 1,0x1000,0,0\n.text\n.globl g\ng: ret\n' >b.s
$CC -c a.s b.s
# The pairs of words, and the strings that the names' words point at.
pairs() { objcopy -O binary --only-section=.SUNW_cap "$1" bytes && od -An -v -w16 -t x8 bytes | awk '{ printf "%d:%s ", $1, $2 }' | sed 's/:0*\([0-9a-f]\)/:\1/g; s/ $//'; }
map() { printf '$mapfile_version 2\n%s\n' "$1" >map; }
is() { [ "$(pairs "$1")" = "$2" ] || { pairs "$1"; exit 1; }; }
$LD -G a.o b.o -o lib.so
is lib.so '1:1800 3:20 2:4 0:0'
readelf -lW lib.so | grep -q 'LOOS+0xffffffd\|PT_SUNWCAP\|SUNWCAP'
"${LD%% *}" --verify-load=illumos lib.so
map 'CAPABILITY { HW -= SSE; HW += AVX; SF = ; };'
$LD -G -M map a.o b.o -o lib.so
is lib.so '1:20001000 3:20 0:0'
# Names: of the group, of platforms, of machines.
map 'CAPABILITY fast { HW = ; SF = ; PLATFORM = "i86pc,Big"; MACHINE = i86pc; MACHINE += i86xpv; };'
$LD -G -M map a.o b.o -o lib.so
pairs lib.so | grep -qx '6:[0-9a-f]* 4:[0-9a-f]* 5:[0-9a-f]* 5:[0-9a-f]* 3:20 0:0'
readelf -p .dynstr lib.so >strings
for name in fast i86pc,Big i86pc i86xpv; do grep -q "  $name\$" strings; done
at=$(pairs lib.so | sed 's/^6:\([0-9a-f]*\) .*/\1/')
grep -q "\[ *$at\]  fast\$" strings
link=$(readelf -SW lib.so | awk '/ \.SUNW_cap / { print $(NF-1) }')
readelf -SW lib.so | grep -q "\[ *$link\] \.dynstr"
"${LD%% *}" --verify-load=illumos lib.so
map 'CAPABILITY;'
$LD -G -M map a.o b.o -o lib.so
must_fail grep SUNW_cap <(readelf -SW lib.so)
# Version 1.
printf 'hwcap_1 = SSE3 OVERRIDE;\nmachcap = i86pc;\n' >map
$LD -G -M map a.o b.o -o lib.so
pairs lib.so | grep -qx '5:[0-9a-f]* 1:4000 3:20 2:4 0:0'
# Objects of objects have one group, and the final link reads it.
$LD -r a.o b.o -o r.o
is r.o '1:1800 3:20 2:4 0:0'
map 'CAPABILITY { HW += AVX; };'
$LD -r -M map r.o -o r2.o
is r2.o '1:20001800 3:20 2:4 0:0'
$LD -G r2.o -o lib.so
is lib.so '1:20001800 3:20 2:4 0:0'
# What cannot be: names where there is no string table for them, capabilities of single symbols.
map 'CAPABILITY { MACHINE = i86pc; };'
must_fail $LD -r -M map a.o -o no.o 2>said
grep -q 'names in capabilities .* cannot be recorded in relocatable outputs' said
must_fail $LD -dn -e f -M map a.o -o no 2>said
grep -q 'a static program has no string table in memory' said
map 'CAPABILITY one two { HW = SSE; };'
must_fail $LD -G -M map a.o -o no.so 2>said
grep -q "map:2:16: expected '{' after the name" said
must_fail $LD -G -z symbolcap a.o -o no.so 2>said
grep -q 'families of symbols by capability' said
