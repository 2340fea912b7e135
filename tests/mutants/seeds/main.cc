// A program that takes much of the C++ library along.
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

struct Shape {
    virtual ~Shape() = default;
    virtual double area() const = 0;
};
struct Square : Shape {
    double side = 2;
    double area() const override { return side * side; }
};

thread_local std::string last;

int main(int argc, char **argv) {
    std::map<std::string, std::vector<int>> words;
    for (int i = 0; i < argc; i++) words[argv[i]].push_back(i);
    try {
        if (words.size() > 1000) throw std::runtime_error("too many words");
        last = words.begin()->first;
        std::thread([] { last = "thread"; }).join();
    } catch (const std::exception &e) {
        std::cerr << e.what() << '\n';
    }
    Square s;
    std::cout << last << ' ' << s.area() << '\n';
}
