printf '.globl bar\n.type bar, @function\nbar: ret\n' | as -o a.o -
"$LD" -shared a.o -o liba.so
printf '.globl _start\n_start: call bar\n.weak bar\n.hidden bar\n' | as -o b.o -
"$LD" b.o liba.so -o out
"$LD" liba.so b.o -o out
readelf -r out | grep -q 'no relocations'
