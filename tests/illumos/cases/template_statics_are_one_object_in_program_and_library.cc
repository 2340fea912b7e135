//@ variant: plain
//@ variant: pie-gnu-only -pie | -fpie
//@ shared: libx.so lib.o
//@ link: main.o -L. -lx
//@ expect-wcc: no dynsym _ZN1SILi3EE5valueE UNIQUE
//@ allow: *
//@ out: 3 1
//@ file: shared.h
template <int N> struct S {
    static int value;
};
template <int N> int S<N>::value = N;
inline int *here() {
    static int once = 5;
    return &once;
}
//@ file: lib.cc -fPIC
#include "shared.h"
int *in_lib() { return &S<3>::value; }
int *here_in_lib() { return here(); }
//@ file: main.cc
extern "C" int printf(const char *, ...);
#include "shared.h"
int *in_lib();
int *here_in_lib();
int main() {
    printf("%d %d\n", S<3>::value, in_lib() == &S<3>::value && here() == here_in_lib());
    return 0;
}
