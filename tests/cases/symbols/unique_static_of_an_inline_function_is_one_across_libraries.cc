//@ shared: liba.so a.o
//@ shared: libb.so b.o
//@ shared: libs.so s.o -Wl,-Bsymbolic
//@ args: libs.so liba.so libb.so
//@ out: same
#include <cstdio>
int *a();
int *b();
int *s();
int main() { std::puts(a() == b() && a() == s() ? "same" : "different"); }
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
//@ file: s.cc -fPIC
inline int *counter() {
    static int value;
    return &value;
}
int *s() { return counter(); }
