for n in 1 2 3; do
    printf '#include <stdio.h>\n__attribute__((constructor)) static void c(void) { printf("%d "); }\n' $n >$n.c
    "$CC" -c $n.c
done
printf '#include <stdio.h>\n__attribute__((constructor(200))) static void c(void) { printf("early "); }\nint main(void) { puts("main"); }\n' >m.c
"$CC" -c m.c
mkdir bin
ln -s "$LD" bin/ld
"$CC" -B bin 1.o 2.o 3.o m.o -o out
[ "$(./out)" = 'early 1 2 3 main' ]
"$CC" -B bin 1.o 2.o 3.o m.o -o out -Wl,--reverse-sections
[ "$(./out)" = 'early 3 2 1 main' ]
"$CC" -B bin 1.o 2.o 3.o m.o -o out '-Wl,--shuffle-sections=.init_array*=-1'
[ "$(./out)" = 'early 3 2 1 main' ]
