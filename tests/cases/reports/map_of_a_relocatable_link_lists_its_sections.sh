echo 'int f(void) { return 1; }' >a.c
echo 'int g(void) { return 2; }' >b.c
$CC -c a.c b.c
"$LD" -r a.o b.o -Map=map -o both.o
grep -q '^\.text  *0x0000000000000000 ' map
grep -q '^ \.text  *0x[0-9a-f]*  *0x[0-9a-f]* b\.o$' map
addr=$(nm both.o | sed -n 's/ T g$//p')
grep -q "^  *0x$addr  *g$" map
