printf '#include <stdio.h>\nint main(void) { return puts("x") < 0; }\n' >a.c
$CC -c a.c
"$WCC" a.o -o one
head -c 1000000 /dev/urandom >two
"$WCC" a.o -o two
cmp one two
mkdir sub
cp a.o sub
(cd sub && "$WCC" a.o -o one)
cmp one sub/one
