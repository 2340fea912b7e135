# Build systems cut the script out of what --verbose prints, change it and pass it with -T.
cat > main.cc <<'X'
#include <cstdio>
#include <stdexcept>
thread_local int t = 3;
__attribute__((section("mine"))) int four = 4;
int main() {
    try { throw std::runtime_error("x"); } catch (std::exception &) { t++; }
    std::printf("%d\n", t + four);
}
X
for mode in "-pie -fPIE" "-no-pie -fno-pie" "-static -fno-pie" "-pie -fPIE -Wl,-z,now"; do
    "$WCCXX" $mode main.cc -o prog -Wl,--verbose > text
    grep -q '^using internal linker script:' text
    sed -e '/^=======/,/^=======/!d;/^=======/d' -e 's/^ *\.data :.*/ .mine : { *(mine) } &/' < text > script.ld
    grep -q 'SEARCH_DIR' script.ld
    "$WCCXX" $mode main.cc -o prog -Wl,-T,script.ld
    [ "$(./prog)" = 8 ]
    readelf -SW prog | grep -q '\.mine'
    readelf -lW prog | grep -q 'LOAD.* R E'
done
