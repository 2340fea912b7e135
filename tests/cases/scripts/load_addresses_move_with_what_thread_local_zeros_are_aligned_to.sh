#@ needs: bfd
# ALIGN_WITH_INPUT: the gap before an aligned .tbss, which takes no room, is a gap of the load addresses too, so that one
# copy puts everything in its place; GNU ld has the same addresses.
cat >a.s <<'A'
.globl _start
_start: ret
.section .tdata,"awT",@progbits
.p2align 4
.quad 1
.section .tbss,"awT",@nobits
.p2align 6
.skip 32
.data
.p2align 5
.quad 2
.section .more,"aw"
.p2align 5
.quad 2
A
as a.s -o a.o
cat >t.ld <<'A'
MEMORY { F : ORIGIN = 0x10000, LENGTH = 64K R : ORIGIN = 0x200004, LENGTH = 64K }
SECTIONS {
    .text : { *(.text) } >F
    .tdata : ALIGN_WITH_INPUT { *(.tdata) } >R AT>F
    .tbss : ALIGN_WITH_INPUT { *(.tbss) } >R AT>F
    .data : ALIGN_WITH_INPUT { *(.data) } >R AT>F
    .more : ALIGN_WITH_INPUT { *(.more) } >R AT>F
    /DISCARD/ : { *(.note* .comment) }
}
A
"$LD" --no-warn-rwx-segments -T t.ld a.o -o ours
ld.bfd --no-warn-rwx-segments -T t.ld a.o -o gnu
addresses() { objdump -h "$1" | awk '/^ +[0-9]+ / { print $2, $3, $4, $5 }'; }
addresses ours >ours.txt
addresses gnu >gnu.txt
diff ours.txt gnu.txt
