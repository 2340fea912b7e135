//@ fail: space::missing(int, char const*)
namespace space { int missing(int, const char *); }
int main() { return space::missing(1, ""); }
