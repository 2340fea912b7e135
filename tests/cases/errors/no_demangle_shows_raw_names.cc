//@ args: -Wl,--no-demangle
//@ fail: _ZN5space7missingEi
namespace space { int missing(int); }
int main() { return space::missing(1); }
