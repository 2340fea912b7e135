# Assemblers set the W flag of .init_array by themselves, so the name is put in afterwards.
printf '.section .init_xxxxx,"a",@progbits\n.balign 8\n.quad start\n' >a.s
printf '#include <stdio.h>\nvoid start(void) { puts("start"); }\nint main(void) { puts("main"); }\n' >b.c
as a.s -o a.o
sed -i 's/init_xxxxx/init_array/g' a.o
"$CC" -fPIC -c b.c
mkdir bin
ln -s "$LD" bin/ld
"$CC" -B bin -pie a.o b.o -o out 2>said
[ ! -s said ]
[ "$(./out | tr '\n' ' ')" = 'start main ' ]
