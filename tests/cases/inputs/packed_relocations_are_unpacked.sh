#@ needs: clang gdb
cat >a.cc <<'X'
#include <cstdio>
#include <stdexcept>
#include <string>
thread_local int counter = 3;
int table[] = {1, 2, 3};
int *pointers[] = {table + 2, table, table + 1};
int deep(int n) { if (n > 2) throw std::runtime_error("deep"); return n + counter; }
int main() {
    try { deep(3); } catch (std::exception &e) { std::printf("%s %d\n", e.what(), deep(0) + *pointers[0]); }
}
X
clang++-19 -g -O1 -Wa,--crel,--allow-experimental-crel -c a.cc -o a.o 2>err || { echo "this clang has no --crel"; exit 77; }
readelf -SW a.o | grep '\.crel' >/dev/null
clang++-19 -g -O1 -c a.cc -o plain.o
$WCCXX a.o -o packed
$WCCXX plain.o -o plain
[ "$(./packed)" = "deep 6" ]
gdb -batch -ex 'break deep' -ex run -ex backtrace packed | grep '#1 .*main () at a.cc:'
cmp packed plain
"$LD" -r a.o -o r.o
readelf -SW r.o | grep '\.rela\.debug_info' >/dev/null
$WCCXX r.o -o again
[ "$(./again)" = "deep 6" ]
