//@ variant: pie -pie | -fPIE
//@ variant: no-pie -no-pie | -fno-pie
//@ variant: static -static
//@ out: hello 1
//@ out: world 2
#include <iostream>
#include <map>
#include <string>

int main() {
    std::map<std::string, int> m{{"world", 2}, {"hello", 1}};
    for (auto &[k, v] : m)
        std::cout << k << ' ' << v << std::endl;
}
