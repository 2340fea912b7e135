//@ link: c.o b.o init_array_order_of_many_files_is_command_line_order.o
//@ out: c b a
#include <cstdio>
struct A { A() { std::printf("a"); } } a;
int main() {}
//@ file: b.cc
#include <cstdio>
struct B { B() { std::printf("b "); } } b;
//@ file: c.cc
#include <cstdio>
struct C { C() { std::printf("c "); } } c;
