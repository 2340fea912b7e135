//@ variant: static -static
//@ variant: static-pie -static-pie | -fPIE
//@ out: caught 7 destroyed
#include <cstdio>
struct D { ~D() { std::printf("destroyed\n"); } };
void f(int x) { if (x) throw x; }
int main() {
    D d;
    try { f(7); } catch (int x) { std::printf("caught %d ", x); }
}
