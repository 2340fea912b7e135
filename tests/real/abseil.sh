# Abseil by CMake and Ninja: many small C++ archives whose order matters, then a program that finds them by package.
packages cmake ninja-build
debian_source abseil
mkdir as-ref as-wcc
cd as-wcc
COMPARE=1 both configure cmake -G Ninja -S .. -B . -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_STANDARD=17 -DABSL_PROPAGATE_CXX_STD=ON \
    -DBUILD_SHARED_LIBS=ON -DCMAKE_INSTALL_PREFIX="$PWD/../out" >../cmake.log
# Objects are not what is compared here: the compiler's own tree would take as long again.
COMPARE= both build ninja -j"$JOBS" >ninja.log
tail -n 1 ninja.log
ninja install >install.log
cd ..
mkdir user
cd user
cat >main.cc <<'Y'
#include <absl/container/flat_hash_map.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <absl/time/clock.h>
#include <iostream>
int main() {
    absl::flat_hash_map<std::string, int> m;
    for (auto w : absl::StrSplit("a b a c", ' ')) m[std::string(w)]++;
    std::vector<std::string> v = {std::to_string(m["a"]), std::to_string(m["b"]), std::to_string(m.size())};
    std::cout << absl::StrJoin(v, "-") << (absl::Now() > absl::UnixEpoch() ? "!" : "?") << std::endl;
}
Y
cat >CMakeLists.txt <<'Y'
cmake_minimum_required(VERSION 3.13)
project(user CXX)
set(CMAKE_CXX_STANDARD 17)
find_package(absl REQUIRED)
add_executable(user main.cc)
target_link_libraries(user absl::flat_hash_map absl::strings absl::time)
Y
cmake -S . -B build -DCMAKE_CXX_COMPILER="$WCCXX" -DCMAKE_PREFIX_PATH="$PWD/../out" >cmake.log
cmake --build build
[ "$(build/user)" = '2-1-3!' ]
record "tests: a program that uses four libraries"
cd ..
linked_by_wcc out/lib user/build
