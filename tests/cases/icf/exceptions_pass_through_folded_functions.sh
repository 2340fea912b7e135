cat >a.cc <<'X'
#include <cstdio>
#include <stdexcept>
struct A { int n; A(int n) : n(n) {} ~A() { std::printf("~%d ", n); } };
__attribute__((noinline)) void thrower(int n) { if (n) throw n; }
__attribute__((noinline)) int first(int n) { A a(n); try { thrower(n); } catch (int e) { return e + 1; } return 0; }
__attribute__((noinline)) int second(int n) { A a(n); try { thrower(n); } catch (int e) { return e + 1; } return 0; }
__attribute__((noinline)) int third(int n) { A a(n); try { thrower(n); } catch (const char *) { return 2; } return 0; }
int main() {
    std::printf("%d ", first(1));
    std::printf("%d ", second(2));
    try { std::printf("%d\n", third(3)); } catch (int e) { std::printf("through %d\n", e); }
}
X
at() { nm -C out | sed -n "s/ [tT] $1(int)\$//p"; }
for cxx in "$CXX" clang++-19; do
    command -v ${cxx%% *} >/dev/null || continue
    for flags in "-O1" "-O0" "-O2 -fPIC"; do
        $cxx $flags -fno-ipa-icf -ffunction-sections -c a.cc 2>/dev/null || $cxx $flags -ffunction-sections -c a.cc
        for icf in safe all; do
            for gc in --gc-sections --no-gc-sections; do
                $WCCXX a.o -o out -Wl,--icf=$icf,$gc
                [ "$(./out)" = "~1 2 ~2 3 ~3 through 3" ]
                [ "$(at first)" != "$(at third)" ]
                $LINKDIFF --check out
            done
        done
    done
    [ "$(at first)" = "$(at second)" ]
done
