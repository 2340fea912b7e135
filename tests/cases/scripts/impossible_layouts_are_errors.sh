# Whatever a script asks for, the answer is an output or an error, never a crash.
cat > a.s <<'X'
.globl _start
_start: call f
.section .text.f,"ax"
f: ret
.data
.quad 5
.bss
.skip 64
X
as a.s -o a.o
while IFS= read -r line; do
    printf '%s\n' "${line#*|}" > t.ld
    for mode in "" -shared -pie -r --oformat=binary --gc-sections; do
        status=0
        timeout 30 "$LD" $mode -T t.ld a.o -o out 2> log || status=$?
        [ $status -le 1 ] || { echo "status $status: $mode $line"; cat log; exit 1; }
        must_fail grep -i panic log
        # Relocatable output gives nothing an address.
        [ $status = "${line%%|*}" ] || [ "$mode" = -r ] || [ "$mode" = --oformat=binary ] || { echo "status $status: $mode $line"; cat log; exit 1; }
    done
done <<'X'
1|SECTIONS { .text 0xfffffffffffffffe : { *(.text*) } }
1|SECTIONS { .text : { *(.text*) . = . + 0x7fffffffffffffff; } .data : { *(.data) } }
1|SECTIONS { .text : ALIGN(0x8000000000000000) { *(.text*) } }
1|SECTIONS { .text : { *(.text*) } .d 0x100000000000 : { *(.data) BYTE(1) . = . + 0x100000000000; BYTE(2) } }
1|SECTIONS { .text ADDR(.text) + 1 : { *(.text*) } }
1|SECTIONS { .text : AT(LOADADDR(.text) + 1) { *(.text*) } }
1|SECTIONS { x = 1 / 0; .text : { *(.text*) } }
1|PHDRS { a PT_LOAD FILEHDR PHDRS; } SECTIONS { .text 0 : { *(.text*) } :a }
1|REGION_ALIAS("a", b) REGION_ALIAS("b", a) SECTIONS { .text : { *(.text*) } > a }
1|MEMORY { m : ORIGIN = 0xfffffffffffffff0, LENGTH = 4 } SECTIONS { .text : { *(.text*) } > m }
0|SECTIONS { /DISCARD/ : { *(.eh_frame) } .symtab : { *(.text*) } .strtab : { *(.data) } }
0|SECTIONS { . = DATA_SEGMENT_ALIGN(3, 0x1000000000000); .text : { *(.text*) } . = DATA_SEGMENT_RELRO_END(1, . + 5); .data : { *(.data*) } }
0|SECTIONS { x = 0x8000000000000000 / -1; y = 1 << 64; z = 1 << -1; .text : { *(.text*) } }
X
