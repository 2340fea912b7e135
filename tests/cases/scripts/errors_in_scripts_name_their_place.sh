cat > a.s <<'X'
.globl _start, foo
_start: call foo
.section .text.foo,"ax"
foo: ret
X
as a.s -o a.o
fails() { # text; the script is standard input
    cat > t.ld
    must_fail "$LD" -T t.ld a.o -o out 2> log
    grep -qF "$1" log || { cat log; exit 1; }
    must_fail test -e out
}
fails 't.ld:2:9: no room left' <<'X'
SECTIONS { .text : { *(.text*) } }
 ASSERT( SIZEOF(.text) == 0, "no room left")
X
fails 't.ld:1:35: cannot move location counter backwards (from 0x6 to 0x2)' <<'X'
SECTIONS { .text : { *(.text*)  . = 2; } }
X
fails "t.ld:1:14: undefined symbol: nobody" <<'X'
SECTIONS { x = nobody; .text : { *(.text*) } }
X
fails 'its section is discarded by the linker script: a.o:(.text.foo)' <<'X'
SECTIONS { .text : { *(.text) } /DISCARD/ : { *(.text.foo) } }
X
fails "prohibited cross reference from .text to \`foo' in .f" <<'X'
NOCROSSREFS(.text .f) SECTIONS { .text : { *(.text) } .f : { *(.text.foo) } }
X
fails "section .f LMA [0x1000,0x1000] overlaps section .text LMA [0x1000,0x1004]" <<'X'
SECTIONS { .text 0x1000 : { *(.text) } .f 0x1000 : { *(.text.foo) } }
X
fails "memory region \`nowhere' is not declared" <<'X'
SECTIONS { .text : { *(.text*) } > nowhere }
X
fails "section \`.text' assigned to non-existent phdr \`nope'" <<'X'
PHDRS { text PT_LOAD; } SECTIONS { .text : { *(.text*) } :nope }
X
fails "do not settle" <<'X'
SECTIONS { .text 0x1000 : { *(.text*) . = . + SIZEOF(.text) + 1; } }
X
fails 't.ld:1:8: top' <<'X'
ASSERT(0, "top")
X
fails 't.ld:1:46: ALIGN and ALIGN_WITH_INPUT contradict each other' <<'X'
SECTIONS { .text : ALIGN(8) ALIGN_WITH_INPUT { *(.text*) } }
X
fails 'the default memory region, `*default*'"'"', cannot be another'"'"'s name' <<'X'
MEMORY { R : ORIGIN = 0, LENGTH = 32K } REGION_ALIAS("*default*", R) SECTIONS { .text : { *(.text*) } }
X
