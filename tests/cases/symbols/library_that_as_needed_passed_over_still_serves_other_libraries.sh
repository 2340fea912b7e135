printf '.globl a1\n.type a1, @function\na1: ret\n' | as -o a.o -
printf '.globl b\n.type b, @function\nb: jmp a1@PLT\n' | as -o b.o -
printf '.globl _start\n_start: jmp b@PLT\n' | as -o c.o -
mkdir elsewhere
"$LD" -shared -soname a.so a.o -o elsewhere/liba.so
"$LD" -shared -soname b.so b.o elsewhere/liba.so -o libb.so
"$LD" c.o libb.so --as-needed elsewhere/liba.so -o out
readelf -d out >dynamic
grep -q 'NEEDED.*b.so' dynamic
must_fail grep 'NEEDED.*a.so' dynamic
