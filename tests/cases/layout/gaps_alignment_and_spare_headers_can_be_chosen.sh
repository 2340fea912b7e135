cat > a.s <<'S'
.globl _start
.text
_start: ret
.section .text.b,"ax"
.p2align 3
ret
.data
.byte 1
.section .data.b,"aw"
.p2align 3
.byte 2
S
as a.s -o a.o
"$LD" a.o -o a --filler 0xfe
readelf -x .text a | grep -q ' c3fefefe fefefefe c3'
readelf -x .data a | grep -q ' 01fefefe fefefefe 02'
must_fail "$LD" a.o -o b --filler 256 2> log
grep -q 'filler.*is no byte' log
"$LD" a.o -o aligned --section-align=.data=0x10000
readelf -SW aligned | grep -q ' \.data .*0000 .* 65536$'
must_fail "$LD" a.o -o b --section-align=.data=3 2> log
grep -q 'alignment 3 must be a power of 2' log
"$LD" a.o -o spare --spare-program-headers=5
[ "$(readelf -lW spare | grep -c '^  NULL ')" = 5 ]
"$LD" a.o -o phys --image-base=0x400000 --physical-image-base=0x10000
readelf -lW phys | awk '$1 == "LOAD" { print $3, $4 }' | grep -q '^0x0000000000401.* 0x0000000000011'
"$LD" a.o -o gone --discard-section=.data.b
[ $((0x$(readelf -SW gone | sed -n 's/.* \.data  *PROGBITS  *[0-9a-f]* [0-9a-f]* \([0-9a-f]*\) .*/\1/p'))) = 1 ]
