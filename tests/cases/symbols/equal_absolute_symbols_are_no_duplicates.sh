printf '.globl a\na = 5\n' | as -o a.o -
printf '.globl a\na = 5\n.globl _start\n_start: ret\n' | as -o b.o -
printf '.globl a\na = 6\n' | as -o c.o -
"$LD" a.o b.o -o out
must_fail "$LD" a.o b.o -o out --disable-multiple-abs-defs 2>said
grep -q 'duplicate symbol: a' said
must_fail "$LD" c.o b.o -o out 2>said
grep -q 'duplicate symbol: a' said
"$LD" --noinhibit-exec c.o b.o -o kept 2>said
grep -q 'warning: duplicate symbol: a' said
[ -s kept ]
