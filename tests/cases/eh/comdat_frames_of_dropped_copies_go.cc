//@ expect: fde _Z5twiceIiET_S0_
//@ out: 6 8
#include <cstdio>
template <class T> __attribute__((noinline)) T twice(T x) { return x + x; }
int other(int);
int main() { std::printf("%d %d\n", twice(3), other(4)); }
//@ file: b.cc
template <class T> __attribute__((noinline)) T twice(T x) { return x + x; }
int other(int x) { return twice(x); }
