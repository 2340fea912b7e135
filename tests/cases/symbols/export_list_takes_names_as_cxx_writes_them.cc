//@ args: -Wl,--export-dynamic-symbol-list=list
//@ expect: dynsym _Z3bazi DEF
//@ expect: dynsym foo DEF
//@ expect: no dynsym _Z3bari
//@ out: 3
#include <cstdio>
extern "C" int foo() { return 1; }
int bar(int x) { return x; }
int baz(int x) { return x; }
int main() {
    std::printf("%d\n", foo() + bar(1) + baz(1));
}
//@ file: list
{ foo; extern "C++" { "baz(int)"; }; };
