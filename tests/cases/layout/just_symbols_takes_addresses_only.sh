cat >rom.s <<'X'
.globl rom_value, _start
.text
_start: ret
rom_value = 0x123456
X
cat >use.s <<'X'
.globl _start
.text
_start:
    mov $rom_value, %eax
    cmp $0x123456, %eax
    jne 1f
    mov $60, %eax
    xor %edi, %edi
    syscall
1:  ud2
X
as rom.s -o rom.o
as use.s -o use.o
"$LD" rom.o -o rom
"$LD" use.o --just-symbols=rom -o use
./use
