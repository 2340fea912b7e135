# Inline functions in COMDAT groups of IR and native objects, exceptions, and virtual tables across a shared object.
cat >shape.h <<'X'
#include <stdexcept>
#include <string>
struct Shape { virtual ~Shape(); virtual std::string name() const = 0; };
template <class T> struct Box { static int count; T value; explicit Box(T v) : value(v) { ++count; } };
template <class T> int Box<T>::count = 0;
inline int &counter() { static int n = 0; return n; }
Shape *make_circle();
int from_native();
X
cat >shape.cc <<'X'
#include "shape.h"
Shape::~Shape() {}
struct Circle : Shape { std::string name() const override { ++counter(); return "circle"; } };
Shape *make_circle() { return new Circle; }
X
cat >native.cc <<'X'
#include "shape.h"
int from_native() { Box<int> b(3); ++counter(); return b.value + Box<int>::count; }
X
cat >main.cc <<'X'
#include "shape.h"
#include <iostream>
struct Square : Shape { std::string name() const override { throw std::runtime_error("square"); } };
int main() {
    Shape *c = make_circle();
    std::cout << c->name();
    try { Square().name(); } catch (const std::exception &e) { std::cout << " " << e.what(); }
    Box<int> b(1);
    std::cout << " " << from_native() << " " << counter() << " " << (dynamic_cast<Square *>(c) == nullptr) << std::endl;
    delete c;
}
X
one() {
    export WCC_CXX=$1
    "$1" -O2 -fPIC -flto -c main.cc shape.cc
    "$1" -O2 -fPIC -c native.cc
    for order in "main.o shape.o native.o" "native.o main.o shape.o"; do
        for extra in "" "-static" "-static-pie" "-Wl,--gc-sections" "-no-pie"; do
            "$WCCXX" -O2 -flto $order $extra -o prog
            [ "$(./prog)" = "circle square 5 2 1" ]
        done
    done
    "$WCCXX" -O2 -flto -shared shape.o -o libshape.so
    "$WCCXX" -O2 -flto main.o native.o -L. -lshape -Wl,-rpath,. -o prog
    [ "$(./prog)" = "circle square 5 2 1" ]
}
one g++
if command -v clang++-19 && [ -e /usr/lib/llvm-19/lib/LLVMgold.so ]; then
    one clang++-19
fi
