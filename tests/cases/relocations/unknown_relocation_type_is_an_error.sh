cat >a.s <<'X'
.globl _start
.text
_start: ret
.data
.reloc ., R_X86_64_64, _start
.quad 0
X
as a.s -o a.o
# The relocation's type is the low half of r_info of the only record of .rela.data.
offset=$(readelf -SW a.o | sed -n 's/.*\.rela\.data *RELA *[0-9a-f]* \([0-9a-f]*\) .*/\1/p')
printf '\xee' | dd of=a.o bs=1 seek=$((0x$offset + 8)) conv=notrunc 2>log
must_fail "$LD" a.o -o a 2>err
grep -q 'a.o' err
grep -qi 'reloc' err
