# A script puts more into .dynamic than the table: PT_DYNAMIC covers the table alone, so the library loads.
echo '__attribute__((section(".extra"))) long extra[5] = {1, 2, 3, 4, 5};
long answer(void) { return extra[4] + 37; }' >lib.c
$CC -fPIC -c lib.c
cat >lib.ld <<'S'
PHDRS { text PT_LOAD FILEHDR PHDRS; data PT_LOAD; dynamic PT_DYNAMIC; }
SECTIONS {
    . = SIZEOF_HEADERS;
    .text : { *(.text .text.*) *(.rodata*) *(.eh_frame) } :text
    . = ALIGN(CONSTANT(MAXPAGESIZE));
    .dynamic : { *(.extra) *(.dynamic) } :data :dynamic
    .data : { *(.data) *(.got*) } :data
}
S
$LD -shared -T lib.ld lib.o -o lib.so
readelf -dW lib.so | grep -q '(STRTAB)'
size=$(readelf -lW lib.so | awk '/ DYNAMIC / { print $5 }')
[ $((size % 16)) = 0 ]
echo 'long answer(void); int main(void) { return answer() != 42; }' >m.c
$CC -c m.c
"$WCC" m.o ./lib.so -o prog
./prog
