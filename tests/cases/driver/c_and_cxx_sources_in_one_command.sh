echo 'int f(int x) { return x + 1; }' >f.c
cat >main.cc <<'X'
#include <iostream>
extern "C" int f(int);
int main() { std::cout << f(4) << std::endl; }
X
"$WCCXX" main.cc -x c f.c -o prog
[ "$(./prog)" = 5 ]
"$WCC" main.cc f.c -lstdc++ -o prog2
[ "$(./prog2)" = 5 ]
