cat > m.c <<'X'
void start(void) {} void stop(void) {} void early(void) {}
void _start(void) {}
X
$CC -c m.c
$LD -Qy -z initarray=start -z finiarray=stop -z preinitarray=early -dn m.o -o prog
address() { readelf -sW prog | awk -v n="$1" '$8 == n { print $2 }'; }
word() { readelf -x "$1" prog | awk '/^  0x/ { for (i = 3; i >= 2; i--) for (j = 7; j > 0; j -= 2) printf "%s", substr($i, j, 2) }'; }
[ "$(word .init_array)" = "$(address start)" ]; [ "$(word .fini_array)" = "$(address stop)" ]
[ "$(word .preinit_array)" = "$(address early)" ]
must_fail $LD -Qy -z initarray=missing m.o -dn -o prog 2> errors; grep -q 'undefined symbol: missing' errors
