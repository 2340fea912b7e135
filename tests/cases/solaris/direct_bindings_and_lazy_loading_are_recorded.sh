echo 'int a(void) { return 1; } int da = 1;' > a.c
echo 'int b(void) { return 1; }' > b.c
echo 'extern int a(void), b(void), da; int u(void) { return a() + b() + da; } int v(void) { return u(); }' > u.c
$CC -fPIC -O1 -c a.c b.c u.c
$LD -G -h liba.so.1 a.o -o liba.so; $LD -G -h libb.so.1 b.o -o libb.so
words() { objdump -s -j .SUNW_syminfo "$1" | sed -n 's/^ [0-9a-f]* \(.\{35\}\).*/\1/p' | tr ' ' '\n' | grep .; }
number() { readelf -W --dyn-syms "$1" | awk -v n="$2" '$8 == n { print $1 + 0 }'; }
entry() { words "$1" | sed -n "$(($(number "$1" "$2") + 1))p"; }
$LD -G -B direct u.o liba.so -z nolazyload libb.so -o libu.so
readelf -dW libu.so > dynamic; grep -q 'Flags: .*DIRECT' dynamic; grep -q '(SYMINFO)' dynamic
# DIRECT | DIRECTBIND to the first entry of .dynamic, and to itself.
[ "$(words libu.so | head -1)" = 00000100 ]
[ "$(entry libu.so a)" = 00001100 ]; [ "$(entry libu.so b)" = 01001100 ]; [ "$(entry libu.so u)" = ffff1100 ]
$LD -G -z lazyload u.o liba.so -z nolazyload -z deferred libb.so -o libu.so
readelf -dW libu.so | grep -A1 -E 'POSFLAG_1' > flags
[ "$(entry libu.so a)" = 01000900 ]; [ "$(entry libu.so b)" = 03000902 ]
$LD -G -z direct u.o liba.so -z nodirect libb.so -o libu.so
[ "$(entry libu.so a)" = 00001100 ]; [ "$(entry libu.so b)" = 01000100 ]; [ "$(entry libu.so u)" = ffff0100 ]
# Nobody may bind directly to what this library exports.
$LD -G -B nodirect a.o -o liba.so
[ "$(entry liba.so a)" = fdff2000 ]
# No such table unless asked for.
$LD -G u.o liba.so libb.so -o libu.so; readelf -SW libu.so > sections; must_fail grep syminfo sections
must_fail $LD -G -B direct -B nodirect u.o -o libu.so 2> errors; grep -q 'may not be used together' errors
