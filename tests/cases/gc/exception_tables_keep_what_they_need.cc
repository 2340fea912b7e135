//@ args: -Wl,--gc-sections
//@ cflags: -ffunction-sections -fdata-sections
//@ out: caught 5
#include <cstdio>
struct E { int v; };
__attribute__((noinline)) void thrower() { throw E{5}; }
int main() {
    try { thrower(); } catch (E &e) { std::printf("caught %d\n", e.v); }
}
