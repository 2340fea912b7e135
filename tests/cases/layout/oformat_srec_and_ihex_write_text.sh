#@ needs: bfd
# What GNU ld writes as S-records and Intel's records is what we write, below and above 64 KiB, 1 MiB and 16 MiB.
cat >a.s <<'A'
.globl _start
_start: .skip 40, 0x90
.data
x: .quad _start, 2, 3
.skip 70000, 7
.bss
.skip 64
A
as a.s -o a.o
script() {
    echo "OUTPUT_FORMAT($3) SECTIONS { . = $1; .text : { *(.text) } . = 0x1fff8; .data : AT($2) { *(.data) }
.bss : { *(.bss) } /DISCARD/ : { *(.note* .comment) } }" >t.ld
}
for at in '0x800 0x1234' '0x8000 0x12345' '0x18000 0x123456' '0x8000 0xfffffff0 - 70100'; do
    for format in srec ihex; do
        script ${at%% *} "${at#* }" elf64-x86-64
        mkdir -p ours gnu
        "$LD" -T t.ld a.o -o ours/out --oformat=$format
        (cd gnu && ld.bfd -T ../t.ld ../a.o -o out --oformat=$format)
        # The first line of S-records is the file's name.
        cmp <(grep -v ^S0 ours/out) <(grep -v ^S0 gnu/out)
        script ${at%% *} "${at#* }" $format
        "$LD" -T t.ld a.o -o ours/out2
        cmp <(grep -v ^S0 ours/out) <(grep -v ^S0 ours/out2)
        "$LD" -T t.ld a.o -o ours/elf --oformat=elf64-x86-64
        readelf -h ours/elf >log
    done
done
script 0x8000 0x100000000 srec
must_fail "$LD" -T t.ld a.o -o out2 2>log
grep -q '\.data at 0x100000000: addresses of the output format have 32 bits' log
must_fail "$LD" a.o -o out2 --oformat=tekhex 2>log
grep -q "output format 'tekhex' is not supported; objcopy" log
echo 'SECTIONS { .text : { *(.text) . = 0x20000000; BYTE(1) } }' >big.ld
must_fail "$LD" -T big.ld a.o -o out2 --oformat=ihex 2>log
grep -q 'bytes are too much for an output format that is text' log
