# FORCE_GROUP_ALLOCATION in a script does what --force-group-allocation does.
printf '.section .text.f,"axG",@progbits,f,comdat\n.weak f\nf: ret\n' | as -o a.o -
cp a.o b.o
echo 'FORCE_GROUP_ALLOCATION SECTIONS { .text : { *(.text .text.*) } }' >t.ld
"$LD" -r -T t.ld a.o b.o -o out.o
readelf -g out.o >groups
grep -q 'no section groups' groups
echo 'SECTIONS { .text : { *(.text) } }' >t.ld
"$LD" -r -T t.ld a.o b.o -o out.o
readelf -g out.o | grep -q 'COMDAT group section .* \[f\]'
