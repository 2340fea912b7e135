#@ needs: bfd
cat > a.s <<'X'
.globl _start
_start: ret
.data
.skip 3000
.bss
.skip 4096
X
cat > t.ld <<'X'
MEMORY { rom (rx) : ORIGIN = 0x1000, LENGTH = 64K ram (w) : ORIGIN = 0x200000, LENGTH = 1M big : ORIGIN = 0x40000000, LENGTH = 1024M }
SECTIONS { .text : { *(.text) } > rom .data : { *(.data) } > ram AT> rom .bss : { *(.bss) } > ram }
X
as a.s -o a.o
ld.bfd -T t.ld a.o --print-memory-usage -o bfd > expected 2> /dev/null
"$LD" -T t.ld a.o --print-memory-usage -o wcc > got
diff expected got
"$LD" -T t.ld a.o -Map=map -o wcc
grep -Eq '^rom +0x0000000000001000 +0x0000000000010000 +rx' map
