# The sections would be in no segment, and the program could not be loaded. GNU ld refuses it too.
echo '.globl _start
.text
_start: ret
.data
.quad 1' >m.s
$CC -c m.s
echo 'PHDRS { headers PT_PHDR PHDRS; text PT_LOAD FILEHDR PHDRS; data PT_LOAD FLAGS(6); }' >only.ld
for script in only.ld; do
    must_fail $LD -T $script m.o -o out 2>said
    grep -q "only.ld:1:.*section \`.text' is in no segment: no section of the script" said
    [ "$(wc -l <said)" = 1 ]
done
# One assignment is enough: what comes before and after it is where it is.
echo 'PHDRS { text PT_LOAD FILEHDR PHDRS; } SECTIONS { . = 0x400000 + SIZEOF_HEADERS; .text : { *(.text) } .data : { *(.data) } :text .bss : { *(.bss) } }' >one.ld
$LD -T one.ld m.o -o out
[ "$(readelf -lW out | grep -c LOAD)" = 1 ]
# Sections that are assigned to none on purpose.
echo 'PHDRS { text PT_LOAD; } SECTIONS { .text : { *(.text) } :NONE .data : { *(.data) } :NONE }' >none.ld
$LD -T none.ld m.o -o out
# A type that does not fit; a section that the script discarded is told with its name.
echo 'PHDRS { text PT_LOAD-9223372036854775808; } SECTIONS { .text : { *(.text) } :text }' >type.ld
must_fail $LD -T type.ld m.o -o out 2>said
grep -q 'type.ld:1:.*undefined symbol: PT_LOAD' said
echo 'PHDRS { text 0x100000001; } SECTIONS { .text : { *(.text) } :text }' >type.ld
must_fail $LD -T type.ld m.o -o out 2>said
grep -q 'type.ld:1:.*0x100000001 is no type of a program header' said
echo 'SECTIONS { .text : { *(.text) } /DISCARD/ : { *(.data) } }' >drop.ld
printf '.globl _start\n.text\n_start: mov x(%%rip), %%eax\n.data\nx: .quad 1\n' >x.s
$CC -c x.s
must_fail $LD -T drop.ld x.o -o out 2>said
grep -q 'discarded (with its COMDAT group, or by /DISCARD/ of drop.ld)' said
# The run-time linker's tables cannot be in a section that is not in the file.
echo 'SECTIONS { . = SIZEOF_HEADERS; .text : { *(.text) } .data : { *(.data) *(.dynamic) } .bss (NOLOAD) : { *(*) } }' >noload.ld
must_fail $LD -shared -T noload.ld m.o -o out 2>said
grep -q "section \`.bss' has tables that the run-time linker reads, and noload.ld says that it is not loaded" said
