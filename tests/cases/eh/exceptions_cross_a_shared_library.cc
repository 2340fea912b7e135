//@ variant: pie -pie | -fPIE
//@ variant: no-pie -no-pie | -fno-pie
//@ shared: libt.so t.o
//@ args: libt.so
//@ out: caught boom
#include <cstdio>
#include <stdexcept>
void thrower();
int main() {
    try { thrower(); } catch (std::runtime_error &e) { std::printf("caught %s\n", e.what()); }
}
//@ file: t.cc -fPIC
#include <stdexcept>
void thrower() { throw std::runtime_error("boom"); }
