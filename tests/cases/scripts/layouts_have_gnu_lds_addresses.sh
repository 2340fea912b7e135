#@ needs: bfd
# Each script below is given to GNU ld and to us: sections, addresses, load addresses, sizes and symbols must agree.
cat > a.s <<'X'
 .globl _start, foo, end_data, buf
 .section .text,"ax"
_start: nop; call foo; ret
 .section .text.foo,"ax"
 .p2align 4
foo: mov $1,%eax; ret
 .section .text.unused,"ax"
unused: ret
 .section .rodata,"a"
 .ascii "hello ro"
 .section .rodata.x,"a"
 .p2align 5
 .ascii "x ro"
 .data
 .quad foo
end_data: .long 5
 .section .data.b,"aw"
 .byte 1,2,3
 .bss
buf: .skip 100
 .section .init_array.00010,"aw",@init_array
 .quad foo
 .section .init_array,"aw",@init_array
 .quad _start
 .section lost,"a"
 .ascii "orph"
 .section lostw,"aw"
 .ascii "orphw"
 .section lostx,"ax"
 nop
 .section .note.my,"a",@note
 .long 4,4,1
 .ascii "abc\0"
 .long 9
 .section .debug_foo,""
 .ascii "debug"
 .comm comm1,16,8
 .section .note.GNU-stack,"",@progbits
X
cat > b.s <<'X'
 .globl bar
 .section .text,"ax"
bar: nop;nop;nop
 .section .text.foo,"ax"
 .byte 0xcc
 .data
 .long 0x22
 .section .bss.z,"aw",@nobits
 .skip 7
 .section .rodata,"a"
 .ascii "b ro"
 .section .ctors.00001,"aw"
 .quad bar
 .section .note.GNU-stack,"",@progbits
X
as a.s -o a.o
as b.s -o b.o
ar rc libb.a b.o
facts() { # name size VMA LMA of each section with contents or an address, then symbols
    objdump -hw "$1" | awk '$1 ~ /^[0-9]+$/ && $2 != ".comment" { print $2, $3, $4, $5 }' | sort
    nm "$1" | awk '{ print $1, $NF }' | sort
}
same() { # name, more arguments; the script is standard input
    local name=$1
    shift
    cat > "$name.ld"
    ld.bfd -T "$name.ld" "$@" -o "$name.bfd" 2> bfd.log || { cat bfd.log; exit 1; }
    "$LD" -T "$name.ld" "$@" -o "$name.wcc"
    facts "$name.bfd" > expected
    facts "$name.wcc" > got
    diff expected got || { echo "script $name"; exit 1; }
}
same plain a.o b.o <<'X'
ENTRY(_start)
SECTIONS { . = 0x10000; .text : { *(.text) *(.text.*) } . = 0x8000000; .data : { *(.data .data.*) } .bss : { *(.bss*) *(COMMON) } }
X
same nothing a.o b.o <<'X'
SECTIONS { }
X
same memory a.o b.o <<'X'
MEMORY { FLASH (rx) : ORIGIN = 0x8000000, LENGTH = 64K RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 16K }
ENTRY(_start)
_stack = ORIGIN(RAM) + LENGTH(RAM);
SECTIONS {
 .vectors : { LONG(_stack & 0xffffffff) KEEP(*(.init_array*)) } > FLASH
 .text : { *(.text .text.*) . = ALIGN(4); __etext = .; } > FLASH
 .rodata : { *(.rodata .rodata.*) } > FLASH
 .data : { __sdata = .; *(.data .data.*); . = ALIGN(4); __edata = .; } > RAM AT> FLASH
 __sidata = LOADADDR(.data);
 .bss (NOLOAD) : { __sbss = .; *(.bss .bss.* COMMON); . = ALIGN(4); __ebss = .; } > RAM
 .stack (NOLOAD) : { . = . + 0x400; } > RAM
 ASSERT(SIZEOF(.text) < 4K, "text too big")
 /DISCARD/ : { *(.ctors*) *(.note*) } }
X
same load_addresses a.o b.o <<'X'
SECTIONS { . = 0xffffffff80100000;
 .text : AT(ADDR(.text) - 0xffffffff80000000) { *(.text*) }
 .rodata : AT(ADDR(.rodata) - 0xffffffff80000000) { *(.rodata*) }
 .data ALIGN(4096) : AT(ADDR(.data) - 0xffffffff80000000) { *(.data*) }
 .bss : AT(ADDR(.bss)-0xffffffff80000000) { *(.bss*) *(COMMON) } _end = .; }
X
same regions_inherit_load_regions a.o b.o <<'X'
MEMORY { F : ORIGIN = 0x1001, LENGTH = 1M R : ORIGIN = 0x200003, LENGTH = 1M }
SECTIONS { .text : { *(.text*) } > F .data : ALIGN(16) { *(.data*) } > R AT> F
 .d2 : ALIGN_WITH_INPUT { *(.init_array*) } > R AT> F .d3 : { *(.rodata*) } > R AT>F .bss : {*(.bss*)} > R }
X
same aliases a.o b.o <<'X'
MEMORY { r1 : ORIGIN = 0x1000, LENGTH = 0x1000 r2 : ORIGIN = 0x8000, LENGTH = 0x1000 }
REGION_ALIAS("CODE", r1) REGION_ALIAS("DATA", r2)
SECTIONS { .text : { *(.text*) } > CODE .data : { *(.data*) } > DATA AT> CODE .bss : { *(.bss*) *(COMMON) } > DATA }
X
same overlay a.o <<'X'
SECTIONS { .text 0x1000 : { *(.text) } OVERLAY 0x4000 : AT (0x8000) { .o1 { *(.text.foo) } .o2 { *(.data .data.*) } }
 .after : { *(.rodata*) LONG(__load_stop_o1) } }
X
same segments a.o b.o <<'X'
PHDRS { hdr PT_PHDR PHDRS; text PT_LOAD FILEHDR PHDRS; data PT_LOAD FLAGS(6); st PT_GNU_STACK FLAGS(6); nt PT_NOTE; }
SECTIONS { . = 0x400000 + SIZEOF_HEADERS; .note.my : { *(.note.my) } :text :nt .text : { *(.text*) } :text .rodata : { *(.rodata*) }
 . = ALIGN(0x1000) + (. & 0xfff); .data : { *(.data*) *(.init_array*) } :data .bss : { *(.bss*) } }
X
same fill_and_data a.o b.o <<'X'
SECTIONS { .text 0x1000 : { BYTE(1) SHORT(0x203) LONG(0x4050607) QUAD(0x8090a0b0c0d0e0f) *(.text) . = ALIGN(32); FILL(0x1234) . += 5; *(.text.foo) . = ALIGN(64); } =0x9090cc
 .data : { *(.data) . = . + 10; LONG(1) } .d2 : { *(.data.b) . = ALIGN(16); } =0xabcd }
X
objcopy -O binary -j .text fill_and_data.bfd expected
objcopy -O binary -j .text fill_and_data.wcc got
cmp expected got
same symbols a.o b.o <<'X'
a1 = 5; x = 4; x += 3; x <<= 2;
SECTIONS { .text 0x1000 : { b1 = 5; c1 = .; *(.text) d1 = . - c1; e1 = ABSOLUTE(.); f1 = ADDR(.text); g1 = SIZEOF(.text); h1 = b1 + 3; PROVIDE(foo = 3); PROVIDE(unref = 4); HIDDEN(hid = .); }
 i1 = .; j1 = SIZEOF(.text); k1 = d1 + 1; l1 = c1 + 4; m1 = e1 - c1; n1 = ADDR(.data); o1 = ALIGN(0x100); p1 = MAX(c1, e1);
 q1 = DEFINED(foo) ? foo : 3; r1 = DEFINED(nonex) ? 1 : 2; .data : { *(.data) } bar = DEFINED(bar) ? bar + 1 : 7; }
X
same empty_sections a.o b.o <<'X'
SECTIONS { . = 0x1000; .e1 : { *(.nonex) } .e2 : { sym_e2 = .; } .e4 : { . = . + 4; } .text : { *(.text*) } .e6 0x5000 : { *(.nonex) }
 .data : { *(.data*) } .e7 0x6000 : { s7 = .; } .bss : { *(.bss*) } }
X
same orphans a.o b.o <<'X'
SECTIONS { . = 0x10000; .text : { *(.text) } etext = .; PROVIDE(xx = .); . = ALIGN(0x1000); .data : { *(.data) } edata = .; . = ALIGN(0x100);
 .bss : { *(.bss) *(COMMON) } end = .; }
X
same orphans_alone a.o b.o <<'X'
SECTIONS { .text 0x400000 : { *(.text) } .rodata : { *(.rodata) } .data : { *(.data) } }
X
same constraints a.o b.o <<'X'
SECTIONS { .x : ONLY_IF_RO { *(.rodata* ) } .x : ONLY_IF_RW { *(.rodata*) *(.data) } .y : ONLY_IF_RO { *(.data.b) *(.text.foo) }
 .y : ONLY_IF_RW { *(.data.b) *(.text.foo) } .text : { *(.text) } }
X
same subalign a.o b.o <<'X'
SECTIONS { .text 0x1000 : SUBALIGN(64) { *(.text*) } .data ALIGN(32) : ALIGN(256) SUBALIGN(2) { *(.data*) *(.rodata*) } .e : ALIGN(0x40) { *(.init_array*) } }
X
same sort a.o b.o <<'X'
SECTIONS { .text : { *(SORT_BY_NAME(.text*)) } .rodata : { *(SORT_BY_ALIGNMENT(.rodata*)) } .data : { *(SORT_BY_ALIGNMENT(SORT_BY_NAME(.data*))) }
 .init_array : { *(SORT_BY_INIT_PRIORITY(.init_array.*) SORT_BY_INIT_PRIORITY(.ctors.*)) *(.init_array) } }
X
same files a.o libb.a -u bar <<'X'
SECTIONS { .b : { *libb.a:b.o(.text*) } .a : { *a.o(.text) EXCLUDE_FILE(*a.o) *(.data*) *(EXCLUDE_FILE(*b.o) .rodata) } .c : { :a.o(COMMON) } }
X
same data_segment a.o b.o <<'X'
SECTIONS { . = 0x400000 + SIZEOF_HEADERS; .rodata : { *(.rodata*) } .text : { *(.text*) } . = DATA_SEGMENT_ALIGN(CONSTANT(MAXPAGESIZE), CONSTANT(COMMONPAGESIZE));
 .init_array : { *(.init_array*) } . = DATA_SEGMENT_RELRO_END(0, .); .data : { *(.data*) } .bss : { *(.bss*) *(COMMON) } . = DATA_SEGMENT_END(.); end_ = .; }
X
same forward a.o b.o <<'X'
SECTIONS { . = 0x1000; x = ADDR(.data) + SIZEOF(.data); y = later; .text : { *(.text*) LONG(SIZEOF(.data)) LONG(ADDR(.bss)) LONG(later) }
 .data : { *(.data*) } later = .; .bss : { *(.bss*) } }
X
same command_line a.o b.o -Ttext-segment=0x700000 -Tdata=0x900000 --section-start=.rodata=0x20000 --section-start=lost=0x950000 <<'X'
SECTIONS { . = SEGMENT_START("text-segment", 0x12340000); .text : { *(.text*) } . = SEGMENT_START("data", 0x5000000); .data : { *(.data*) } .rodata : { *(.rodata) } }
X
same flags a.o b.o <<'X'
ENTRY(_start)
SECTIONS { .x 0x1000 : { INPUT_SECTION_FLAGS(SHF_EXECINSTR) *(*) } .w : { INPUT_SECTION_FLAGS(SHF_WRITE & !SHF_EXECINSTR) *(.d* .b*) } }
X
