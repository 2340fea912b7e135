printf '.globl _start\n_start: ret\n' >a.s
as a.s -o a.o
"$LD" a.o -o out --repro
tar -tf out.repro.tar >list
grep -q '^out.repro/.*/a.o$' list
tar -xf out.repro.tar
grep -q 'a.o' out.repro/response.txt
must_fail grep -e repro$ out.repro/response.txt
rm out.repro.tar
MOLD_REPRO=1 "$LD" a.o -o out
[ -s out.repro.tar ]
