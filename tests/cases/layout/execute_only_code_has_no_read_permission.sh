printf '#include <stdio.h>\nint main(void) { puts("hello"); }\n' >a.c
"$CC" -c a.c
mkdir bin
ln -s "$LD" bin/ld
"$CC" -B bin a.o -o out -Wl,--execute-only
[ "$(./out)" = hello ]
readelf -lW out | grep -q 'LOAD .*   E 0x'
must_fail "$CC" -B bin a.o -o out -Wl,--execute-only,--no-rosegment 2>said
grep -q 'may not be used together' said
