//@ out: kept kept
#include <cstdio>
inline const char *which() { return "kept"; }
const char *(*pointer)() = which;
extern const char *(*other)();
int main() { std::printf("%s %s\n", pointer(), other()); }
//@ file: b.cc
inline const char *which() { return "kept"; }
const char *(*other)() = which;
