# BOLT moves code about by the relocations that --emit-relocs keeps: one that is wrong or missing breaks the result.
command -v llvm-bolt-19 >/dev/null || { echo 'llvm-bolt-19 is missing'; exit 77; }
cat >a.cc <<'X'
#include <cstdio>
#include <stdexcept>
struct Base { virtual ~Base() {} virtual int id(int n) = 0; };
struct One : Base { int id(int n) override { if (n == 3) throw std::runtime_error("three"); return n; } };
struct Two : Base { int id(int n) override { return 2 * n; } };
__attribute__((noinline)) static int pick(int n) {
    switch (n) { case 0: return 5; case 1: return 9; case 2: return 1; case 3: return 77; case 4: return 8; case 5: return 2; default: return n; }
}
static int (*const table[])(int) = {pick};
int main() {
    One one; Two two; Base *both[] = {&one, &two}; int sum = 0;
    for (int i = 0; i < 8; i++) {
        try { sum += table[0](i) + both[i % 2]->id(i); } catch (const std::exception &e) { std::printf("%s\n", e.what()); }
    }
    std::printf("%d\n", sum);
}
X
g++ -O2 -fPIE -ffunction-sections -c a.cc
for mode in -pie -no-pie; do
    "$WCCXX" $mode a.o -Wl,--emit-relocs -o prog
    llvm-bolt-19 prog -o moved --reorder-blocks=reverse --reorder-functions=none --use-old-text=0 >said 2>&1 || { cat said; exit 1; }
    must_fail grep -i 'BOLT-ERROR' said
    [ "$(./prog)" = "$(./moved)" ]
done
