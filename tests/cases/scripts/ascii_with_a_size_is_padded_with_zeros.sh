cat > a.s <<'S'
.globl _start
_start: ret
S
as a.s -o a.o
echo 'SECTIONS { .text : { *(.text) } .name : { ASCII (8) "abc" BYTE(255) } }' > t.ld
"$LD" -T t.ld a.o -o a
readelf -x .name a | grep -q ' 61626300 00000000 ff '
echo 'SECTIONS { .name : { ASCII (2) "abc" } }' > t.ld
must_fail "$LD" -T t.ld a.o -o b 2> log
grep -q 't.ld:1:.*the string of ASCII does not fit into 2 bytes' log
echo 'SECTIONS { .text : { *(.text) } .name : { ASCIZ bare ASCII "q" } }' > t.ld
"$LD" -T t.ld a.o -o c
readelf -x .name c | grep -q ' 62617265 0071 '
