// An ordinary C++ object: classes, templates, exceptions, inline functions, thread-local data.
#include <stdexcept>
#include <string>
#include <vector>

struct Shape {
    virtual ~Shape() = default;
    virtual double area() const = 0;
    virtual const char* name() const { return "shape"; }
};
struct Square : Shape {
    double side;
    explicit Square(double s) : side(s) {}
    double area() const override { return side * side; }
    const char* name() const override { return "square"; }
};
template <typename T> struct Box {
    static int count;
    std::vector<T> items;
    void put(T t) { items.push_back(t); ++count; }
};
template <typename T> int Box<T>::count = 0;

inline int& counter() { static int n = 1; return n; }
thread_local int depth = 3;
static std::string greeting = "a string that is too long to be kept inside";

int walk(Box<std::string>& box, const Shape& s) {
    if (s.area() < 0) throw std::runtime_error("negative area");
    box.put(greeting + s.name());
    return ++depth + counter();
}
extern "C" int shapes() {
    Box<std::string> box;
    try {
        return walk(box, Square(2)) + Box<int>::count;
    } catch (const std::runtime_error& e) {
        return static_cast<int>(std::string(e.what()).size());
    }
}
