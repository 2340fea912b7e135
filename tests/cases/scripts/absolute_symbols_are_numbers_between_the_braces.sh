#@ needs: bfd
# HEAP_SIZE = 0x100 outside, `. = HEAP_SIZE;` inside: room of that size, not an address; GNU ld agrees on every value.
printf '.globl _start\n.text\n_start: ret\n.data\n.quad 1\n.globl fixed\nfixed = 0x30\n' | as -o a.o -
cat >t.ld <<'A'
HEAP_SIZE = 0x100;
SECTIONS {
    . = 0x2000;
    MIDDLE = 0x40;
    .text : {
        *(.text)
        a1 = HEAP_SIZE; a2 = MIDDLE; a3 = 0x10; a5 = . + HEAP_SIZE; a6 = HEAP_SIZE + MIDDLE; a7 = HEAP_SIZE + 1;
        a8 = ABSOLUTE(HEAP_SIZE); a9 = HEAP_SIZE * 2; b1 = MAX(HEAP_SIZE, MIDDLE);
        b2 = HEAP_SIZE > MIDDLE ? HEAP_SIZE : MIDDLE; b3 = DEFINED(HEAP_SIZE) ? HEAP_SIZE : 3;
    }
    .heap : { . = HEAP_SIZE; . = ALIGN(4); . = . + HEAP_SIZE; . += fixed; }
    .more : { . = fixed; }
    c1 = HEAP_SIZE; c2 = HEAP_SIZE + 4; c3 = . + HEAP_SIZE;
    .data : { *(.data) }
    /DISCARD/ : { *(.note* .comment) }
}
A
"$LD" --no-warn-rwx-segments -T t.ld a.o -o ours
ld.bfd --no-warn-rwx-segments -T t.ld a.o -o gnu
values() { nm "$1" | sed 's/ [A-Za-z] / /' | sort; }
values ours >ours.txt
values gnu >gnu.txt
diff ours.txt gnu.txt
sizes() { readelf -SW "$1" | grep -E ' \.(heap|more|data|text) ' | sed 's/.*\] //' | awk '{ print $1, $3, $5 }'; }
diff <(sizes ours) <(sizes gnu)
