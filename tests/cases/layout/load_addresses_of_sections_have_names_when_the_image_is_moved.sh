# With --physical-image-base, __phys_start_NAME and __phys_stop_NAME are where the section NAME is loaded, as numbers that
# do not move with a position-independent image; without it nobody defines them.
cat >m.c <<'A'
__attribute__((section("foo"), used)) static int first = 1, second = 2;
extern char __start_foo[], __stop_foo[], __phys_start_foo[], __phys_stop_foo[];
int main(void) {
    return !(__phys_stop_foo - __phys_start_foo == 2 * sizeof first && __stop_foo - __start_foo == 2 * sizeof first
             && (unsigned long)__phys_start_foo >> 20 == 8);
}
A
$CC -O1 -fno-pie -c m.c -o m.o
$CC -O1 -fPIC -c m.c -o pic.o
"$WCC" -no-pie m.o -o fixed -Wl,--image-base=0x200000,--physical-image-base=0x800000,--gc-sections
./fixed
"$WCC" -pie pic.o -o pie -Wl,--physical-image-base=0x800000
./pie
value() { nm fixed | sed -n "s/ [A-Za-z] $1\$//p"; }
[ $((0x$(value __phys_start_foo) - 0x$(value __start_foo))) = $((0x600000)) ]
must_fail "$WCC" -no-pie m.o -o none 2>log
grep -q 'undefined symbol: __phys_start_foo' log
