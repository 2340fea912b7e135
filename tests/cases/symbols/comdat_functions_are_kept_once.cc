//@ out: same 6
#include <cstdio>
template <class T> __attribute__((noinline)) T twice(T x) {
    static int calls;
    calls++;
    return x + x;
}
extern "C" void *other();
int main() {
    bool same = (void *)&twice<int> == other();
    std::printf("%s %d\n", same ? "same" : "different", twice(3));
}
//@ file: b.cc
template <class T> __attribute__((noinline)) T twice(T x) {
    static int calls;
    calls++;
    return x + x;
}
extern "C" void *other() { return (void *)&twice<int>; }
