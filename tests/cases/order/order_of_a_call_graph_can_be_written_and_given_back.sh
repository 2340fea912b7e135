cat > a.s <<'S'
.globl _start, cold, warm, hot
.section .text.start,"ax"
_start: ret
.section .text.cold,"ax"
cold: ret
.section .text.warm,"ax"
warm: ret
.section .text.hot,"ax"
hot: ret
S
as a.s -o a.o
printf '_start hot 100\nhot warm 10\n' > calls
"$LD" a.o -o a --call-graph-ordering-file=calls --print-symbol-order=order
printf '_start\nhot\nwarm\n' | cmp - order
"$LD" a.o -o b --symbol-ordering-file=order
for f in a b; do nm -n $f | awk '$2 == "T" && $3 ~ /^(_start|cold|warm|hot)$/ { print $3 }' > $f.order; done
cmp a.order b.order
