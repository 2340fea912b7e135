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
