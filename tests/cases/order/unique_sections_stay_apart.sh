cat >a.c <<'X'
__attribute__((section("own"))) int one = 1;
int a(void) { return 1; }
int b(void) { return 2; }
int main(void) { return a() + b() + one - 4; }
X
printf '__attribute__((section("own"))) int two = 2;\n' >b.c
$CC -O1 -ffunction-sections -c a.c
$CC -c b.c
count() { readelf -SW out | grep -cE "] $1 " || true; }
$WCC a.o b.o -o out
[ "$(count own)" = 1 ]
$WCC a.o b.o -o out -Wl,--unique
[ "$(count own)" = 2 ]
[ "$(count '\.text\.a')" = 0 ]
./out
$WCC a.o b.o -o out -Wl,--unique='.text.[ab]'
[ "$(count own)" = 1 ]
[ "$(count '\.text\.a')" = 1 ]
[ "$(count '\.text\.b')" = 1 ]
./out
$WCC a.o b.o -o out -Wl,-z,unique
readelf -d out | grep -E 'GNU_FLAGS_1|6ffffdf4' >/dev/null
