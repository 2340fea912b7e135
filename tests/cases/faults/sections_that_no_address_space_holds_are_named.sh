cat >big.s <<'X'
.globl f
.text
f: ret
.comm enormous, 0x100000000000000
.section .huge, "aw", @nobits
.zero 0x3fffffffffff
.section .huge2, "aw", @nobits
.zero 0x3fffffffffff
.section .huge3, "aw", @nobits
.zero 0x3fffffffffff
X
$CC -c big.s
must_fail $LD -shared big.o -o out 2>err
grep -q 'section .bss takes 0x1000.* bytes of addresses, more than a program can have' err
grep -q 'most of it is the common symbol enormous of big.o, 0x1000' err
must_fail grep -q 'bug of wcc' err
echo 'int f(void) { return 1; } int g = 2;' >l.c
$CC -fPIC -c l.c
must_fail $LD -shared l.o -Ttext=0xffffffffffffffff -o out 2>err
grep -q 'section .text of 0x[0-9a-f]* bytes at 0xffffffffffffffff does not fit into any address space' err
grep -q 'l.o:(.text)' err
# Sections put on top of each other by hand.
must_fail $LD -shared l.o --section-start=.text=0x5000 --section-start=.data=0x5004 -o out 2>err
grep -q 'section .data .*overlaps section .text' err
# In any order, the program headers ascend.
$LD -shared l.o --section-start=.text=0x800000 --section-start=.data=0x700000 -o out
readelf -lW out | awk '/ LOAD /{ if ($3 < last) exit 1; last = $3 }'
# Thread-local and other data under one name.
cat >tls.s <<'X'
.section .mine, "awT", @progbits
.long 1
X
cat >data.s <<'X'
.section .mine, "aw", @progbits
.long 1
X
$CC -c tls.s data.s
must_fail $LD -shared tls.o data.o -o out 2>err
grep -q 'data.o:(.mine): is not thread-local, and others of section .mine are' err
[ ! -e out ] || $LD -shared l.o -o out
