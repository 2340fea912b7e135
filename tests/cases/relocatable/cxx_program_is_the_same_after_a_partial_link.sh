# Templates (COMDAT groups), exceptions (.eh_frame and exception tables), thread-local and static objects: the combined
# object gives the same program with both linkers, whatever was stripped of it.
cat >t.h <<'X'
#include <map>
#include <stdexcept>
#include <string>
template <class T> struct Box {
    T v;
    static int count;
    Box(T x) : v(x) { ++count; }
    T get() {
        if (count > 100)
            throw std::runtime_error("many");
        return v;
    }
};
template <class T> int Box<T>::count = 0;
inline int sum(int x) {
    static int n = 0;
    n += x;
    if (n > 1000)
        throw n;
    return n;
}
extern thread_local int number;
extern thread_local std::string text;
int f(int);
std::string g(const std::string &);
X
cat >a.cc <<'X'
#include "t.h"
#include <cstdio>
struct Last {
    ~Last() { puts("last"); }
} last;
int main() {
    try {
        f(2000);
    } catch (int e) {
        printf("int %d\n", e);
    }
    try {
        for (;;)
            Box<int>(5).get();
    } catch (std::exception &e) {
        printf("%s %d\n", e.what(), Box<int>::count);
    }
    number = 7;
    text = "tls";
    printf("%s %d %d\n", g("q").c_str(), number, sum(-1500));
}
X
cat >b.cc <<'X'
#include "t.h"
thread_local int number = 3;
thread_local std::string text = "init";
int f(int x) {
    std::map<std::string, int> m;
    m["x"] = x;
    return sum(Box<int>(m["x"]).get());
}
std::string g(const std::string &s) { return Box<std::string>(s).get() + text + std::to_string(number); }
X
for flags in '-O0 -g' '-O2 -ffunction-sections -fdata-sections'; do
    $CXX $flags -c a.cc b.cc
    $CXX a.o b.o -o whole
    ./whole >want
    for option in '' -s -S '-x --gc-sections -u main' '-X -d' --unique; do
        "$LD" -r $option a.o b.o -o ab.o
        readelf -aW ab.o >log 2>warnings
        [ ! -s warnings ]
        for linker in '' "-B$AS_LD"; do
            for kind in '' '-static -Wl,--gc-sections'; do
                $CXX $linker $kind ab.o -o main
                ./main | cmp - want
            done
        done
    done
done
