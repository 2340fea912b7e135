# Version 2 as binutils 2.41 and newer write it, by hand; `starts` count from their own field as 2.45 has it.
table() {
    cat <<S
.text
.globl $2
.type $2, @function
$2: ret
.size $2, 1
.section .sframe,"a",@0x6ffffff4
.short 0xdee2
.byte $1, $3, 3, 0, 0xf8, 0
.long 1, 1, 3, 0, 20
.reloc ., R_X86_64_PC32, $2
.long 0
.long 1, 0, 1
.byte 0, 0, 0, 0
.byte 0, 3, 8
S
}
table 2 f 4 >f.s
table 2 g 4 >g.s
table 9 h 4 >h.s
for n in f g h; do as $n.s -o $n.o; done
"$LD" -shared g.o f.o -o out 2>said
[ ! -s said ]
readelf -SW out | grep -q 'sframe .*6ffffff4' || readelf -SW out | grep -q '\.sframe'
# Two entries, in the order of the addresses: g before f.
"$LD" -shared g.o f.o -o out
at=$((16#$(readelf -SW out | sed -n 's/.*\.sframe  *[^ ]*  *\([0-9a-f]*\) .*/\1/p')))
objcopy -O binary --only-section=.sframe out table
start() { od -An -t d4 -j $1 -N 4 table | tr -d ' '; }
address() { echo $((16#$(nm out | sed -n "s/ T $1//p"))); }
[ "$(od -An -t u1 -j 3 -N 1 table | tr -d ' ')" = 5 ]
[ $((at + 28 + $(start 28))) = "$(address g)" ]
[ $((at + 48 + $(start 48))) = "$(address f)" ]

"$LD" -shared f.o h.o -o out 2>said
grep -q 'h.o: .sframe cannot be read: version 9 is not known; no .sframe will be created' said
readelf -SW out >sections
must_fail grep -q '\.sframe' sections
if printf 'f:\n.cfi_startproc\nret\n.cfi_endproc\n' | as --gsframe -o old.o - 2>/dev/null &&
    [ "$(objcopy -O binary --only-section=.sframe old.o /dev/stdout | od -An -t u1 -j 2 -N 1 | tr -d ' ')" = 1 ]; then
    "$LD" -shared f.o old.o -o out 2>said
    grep -q 'input SFrame sections with different format versions prevent .sframe generation' said
fi
