# With a script: GNU ld's section ordering file puts what it names first in the output section it names, KEEP stays KEEP; a
# symbol ordering file and shuffling order what one pattern takes.
for n in a b c d e; do
    echo ".section .text.$n,\"ax\"; .globl $n; $n: .quad 0"
done >t.s
echo '.section .init_x,"ax"; .globl x; x: ret; .section .start,"ax"; .globl _start; _start: ret' >>t.s
sed -i 's/; /\n/g' t.s
as t.s -o t.o
echo 'SECTIONS { . = 0x10000; .text : { *(.start) *(.text.[ab]) *(.text.*) KEEP(*(.init_x)) } /DISCARD/ : { *(.comment .note*) } }' >t.ld
order() { nm -n "$1" | sed -n 's/.* T //p' | tr '\n' ' '; }
"$LD" -T t.ld t.o -o plain
[ "$(order plain)" = '_start a b c d e x ' ]
echo '.text : { *(.text.d) *(.init_x) *(.text.b) }' >gnu.order
"$LD" -T t.ld t.o -o gnu --section-ordering-file=gnu.order 2>log
[ ! -s log ]
[ "$(order gnu)" = 'd x b _start a c e ' ]
"$LD" -T t.ld t.o -o gnu --section-ordering-file=gnu.order --gc-sections
nm gnu | grep -q ' T x$'
must_fail grep -q ' T d$' <(nm gnu)
printf '%s\n' e b d >symbols.order
"$LD" -T t.ld t.o -o symbols --symbol-ordering-file=symbols.order 2>log
[ ! -s log ]
[ "$(order symbols)" = '_start b a e d c x ' ]
printf '%s\n' .text.e .text.d .text.b >gold.order
"$LD" -T t.ld t.o -o gold --section-ordering-file=gold.order
[ "$(order gold)" = '_start b a e d c x ' ]
"$LD" -T t.ld t.o -o turned --shuffle-sections='*=-1'
[ "$(order turned)" = '_start b a e d c x ' ]
