cat >a.c <<'E'
__attribute__((section("items"), used)) static int one = 1, two = 2;
extern int __start_items[], __stop_items[];
int count(void) { return __stop_items - __start_items; }
E
$CC -fPIC -c a.c
visibility() { readelf -sW --dyn-syms lib.so | awk '$8 == "__start_items" { print $6; exit }'; }
$CC -shared -B"$AS_LD" a.o -o lib.so
[ "$(visibility)" = PROTECTED ]
$CC -shared -B"$AS_LD" a.o -z start-stop-visibility=default -o lib.so
[ "$(visibility)" = DEFAULT ]
$CC -shared -B"$AS_LD" a.o -z start-stop-visibility=hidden -o lib.so
must_fail sh -c 'readelf -W --dyn-syms lib.so | grep -q __start_items'
echo 'int count(void); int main(void) { return count() != 2; }' >m.c
$CC m.c lib.so -Wl,-rpath,. -o out
./out
must_fail $CC -shared -B"$AS_LD" a.o -Wl,-z,start-stop-visibility=secret -o lib2.so
