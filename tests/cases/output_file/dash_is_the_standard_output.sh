printf '#include <stdio.h>\nint main(void) { puts("hello"); }\n' >a.c
"$CC" -c a.c
mkdir bin
ln -s "$LD" bin/ld
"$CC" -B bin a.o -o - >out
[ ! -e ./- ]
chmod +x out
[ "$(./out)" = hello ]
