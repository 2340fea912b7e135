printf '.data\n.globl table\ntable: .quad target, elsewhere + 9\n.text\ntarget: ret\n' >a.s
as a.s -o a.o
word() { # the 8 bytes stored at table + $1
    addr=$((0x$(nm out | sed -n 's/ D table$//p') + $1))
    objdump -s -j .data --start-address=$addr --stop-address=$((addr + 8)) out | tail -1 | awk '{print $2 $3}'
}
"$LD" -shared --no-apply-dynamic-relocs a.o -o out
[ "$(word 0)" = 0000000000000000 ]
[ "$(word 8)" = 0000000000000000 ]
"$LD" -shared --apply-dynamic-relocs a.o -o out
[ "$(word 0)" != 0000000000000000 ]
[ "$(word 8)" = 0900000000000000 ]
readelf -rW out | grep -q R_X86_64_RELATIVE
