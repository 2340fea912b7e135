# SHF_LINK_ORDER: sh_link names the output section of what orders it, and goes when that goes.
cat >a.s <<'X'
.section .text.one,"ax",@progbits
one: ret
.section table,"ao",@progbits,.text.one
.quad .text.one
.section .text.lost,"axG",@progbits,sig,comdat
lost: ret
.section table,"aoG",@progbits,.text.lost,sig,comdat
.quad .text.lost
.section .note.GNU-stack,"",@progbits
X
as a.s -o a.o
sed 's/one/two/g' a.s >b.s
as b.s -o b.o
"$LD" -r a.o a.o b.o -o out.o
readelf -SW out.o >log
number() { sed -n "s/^ *\[ *\([0-9]*\)\] $1 .*/\1/p" log; }
[ "$(grep -c ' table  *PROGBITS' log)" = 3 ]
# Two of .text.one in one section, with one table; .text.two has its own.
grep -Eq " table +PROGBITS +0+ [0-9a-f]+ 000010 00 +AL +$(number .text.one) " log
grep -Eq " table +PROGBITS +0+ [0-9a-f]+ 000008 00 +AL +$(number .text.two) " log
grep -Eq " table +PROGBITS +0+ [0-9a-f]+ 000008 00 +ALG +$(number .text.lost) " log
readelf -rW out.o | grep '\.text\.one + 1$' >/dev/null
