//@ compilers: gcc
//@ shared: liba.so a.o -Wl,-Bsymbolic
//@ shared: libb.so b.o
//@ args: libb.so liba.so
//@ out: same
#include <cstdio>
int *a();
int *b();
int main() { std::puts(a() == b() ? "same" : "different"); }
//@ file: a.cc -fPIC
inline int *counter() {
    static int value;
    return &value;
}
int *a() { return counter(); }
//@ file: b.cc -fPIC
inline int *counter() {
    static int value;
    return &value;
}
int *b() { return counter(); }
