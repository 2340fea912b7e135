#@ needs: bfd
# `ld --verbose` prints the script GNU ld works by; given with -T it must make the same programs.
cat > hello.cc <<'X'
#include <cstdio>
#include <stdexcept>
#include <vector>
thread_local int counter = 3;
static int order[3], n;
__attribute__((constructor(200))) static void second() { order[n++] = 2; }
__attribute__((constructor(101))) static void first() { order[n++] = 1; }
struct Global { int v = 7; } global;
int common_like[100];
int main() {
    if (order[0] != 1 || order[1] != 2 || global.v != 7) return 1;
    try {
        std::vector<int>().at(3);
    } catch (std::out_of_range &) {
        counter++;
    }
    std::printf("%d\n", counter + common_like[5]);
}
X
script() { ld.bfd "$@" --verbose | sed -n '/^=====/,/^=====/p' | grep -v '^=====' > script.ld; grep -q SECTIONS script.ld; }
run() { # options of the driver; options of ld are the script's
    "$WCCXX" -O1 hello.cc "$@" -Wl,-T,script.ld -o prog
    [ "$(./prog)" = 4 ]
    readelf -lW prog > segments
    must_fail grep -E 'LOAD.* RWE' segments
}
script; run -no-pie -fno-pie
script -z now; run -no-pie -fno-pie -Wl,-z,now
script -pie; run -pie -fPIE
grep -q GNU_RELRO segments
script -pie -z now; run -pie -fPIE -Wl,-z,now
script -static; run -static -fno-pie
script -z noseparate-code; "$WCCXX" -O1 hello.cc -no-pie -fno-pie -Wl,-z,noseparate-code -Wl,-T,script.ld -o prog; ./prog
script; run -no-pie -fno-pie -Wl,--gc-sections -ffunction-sections
cat > lib.c <<'X'
int shared_value = 5;
__thread int t = 2;
static int ready;
__attribute__((constructor)) static void init(void) { ready = 1; }
int shared_function(void) { return shared_value + t + ready; }
X
script -shared
"$WCC" -O1 -fPIC -shared lib.c -Wl,-T,script.ld -o liba.so
cat > main.c <<'X'
extern int shared_value, shared_function(void);
int main(void) { shared_value = 10; return shared_function() != 13; }
X
"$WCC" main.c ./liba.so -Wl,-rpath,"$PWD" -o main
./main
