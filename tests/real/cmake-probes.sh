# What CMake finds out about a compiler, with the compiler behind wcc and with wcc: the answers must be the same, and
# OpenMP, threads, link-time optimisation, dependency files and rebuilds must work.
packages cmake ninja-build
rm -rf cmake-probes
mkdir cmake-probes
cd cmake-probes
mkdir src
cat >src/CMakeLists.txt <<'Y'
cmake_minimum_required(VERSION 3.13)
cmake_policy(SET CMP0083 NEW)
project(probes C CXX)
include(CheckIPOSupported)
include(CheckCXXCompilerFlag)
include(CheckCCompilerFlag)
include(CheckLinkerFlag OPTIONAL)
include(CheckPIESupported OPTIONAL)
include(CheckLibraryExists)
include(CheckSymbolExists)
check_ipo_supported(RESULT ipo OUTPUT why)
find_package(OpenMP)
find_package(Threads)
foreach(flag -Wall -Wnonsense -fnonsense -rpath -nopie -no-pie -Qunused-arguments -stdlib=libc++ -fsanitize=address
        -fsanitize=memory -static-pie -pthread -fuse-ld=bfd -flto -mllvm -Wl,--nonsense -Wl,-z,now -Wl,--gc-sections
        -Wl,--version-script=none -rtlib=compiler-rt -fprofile-instr-generate -fopenmp=libgomp -Zz -static-libsan)
    string(MAKE_C_IDENTIFIER "has${flag}" name)
    set(CMAKE_REQUIRED_FLAGS ${flag})
    check_c_compiler_flag("${flag}" ${name})
    message(STATUS "flag ${flag}: ${${name}}")
    check_cxx_compiler_flag("${flag}" ${name}_cxx)
    message(STATUS "flag ${flag} (C++): ${${name}_cxx}")
endforeach()
set(CMAKE_REQUIRED_FLAGS)
check_library_exists(m cos "" HAVE_M)
check_library_exists(nonsense f "" HAVE_NONSENSE)
check_symbol_exists(reallocarray stdlib.h HAVE_REALLOCARRAY)
if(COMMAND check_pie_supported)
    check_pie_supported()
endif()
message(STATUS "ids: ${CMAKE_C_COMPILER_ID} ${CMAKE_C_COMPILER_VERSION} ${CMAKE_CXX_COMPILER_ID}")
message(STATUS "implicit: ${CMAKE_C_IMPLICIT_LINK_LIBRARIES} | ${CMAKE_CXX_IMPLICIT_LINK_LIBRARIES}")
message(STATUS "objects: ${CMAKE_C_IMPLICIT_OBJECT_LIBRARIES}")
message(STATUS "features: ipo ${ipo} openmp ${OpenMP_C_FOUND} ${OpenMP_CXX_FOUND} threads ${Threads_FOUND} pie ${CMAKE_C_LINK_PIE_SUPPORTED} ${CMAKE_C_LINK_NO_PIE_SUPPORTED} m ${HAVE_M} ${HAVE_NONSENSE} ${HAVE_REALLOCARRAY}")
add_library(one SHARED one.cc)
set_target_properties(one PROPERTIES VERSION 1.2.3 SOVERSION 1)
add_library(two STATIC two.c)
add_executable(main main.cc)
target_link_libraries(main one two Threads::Threads)
if(OpenMP_CXX_FOUND)
    target_link_libraries(main OpenMP::OpenMP_CXX)
endif()
set_target_properties(main PROPERTIES LINK_DEPENDS "${CMAKE_SOURCE_DIR}/exports.map" ENABLE_EXPORTS ON)
install(TARGETS one main)
enable_testing()
add_test(NAME main COMMAND main)
Y
echo 'int one() { return 1; }' >src/one.cc
echo 'int two(void) { return 2; }' >src/two.c
echo '{ global: *; };' >src/exports.map
cat >src/main.cc <<'Y'
#include <thread>
int one();
extern "C" int two(void);
int main() {
    int sum = 0, other = 0;
#pragma omp parallel for reduction(+ : sum)
    for (int i = 0; i < 10; i++) sum += i;
    std::thread t([&] { other = one() + two(); });
    t.join();
    return sum == 45 && other == 3 ? 0 : 1;
}
Y
mkdir as-ref as-wcc
cd as-wcc
COMPARE=1 both configure cmake -G Ninja -S ../src -B . -DCMAKE_INSTALL_PREFIX="$PWD/../out" >../wcc.log 2>&1 || { cat ../wcc.log; exit 1; }
cd ..
ln -s as-ref.configure.log ref.log
answers() { grep -e '-- \(flag\|ids\|implicit\|objects\|features\)' "$1.log"; }
answers wcc
# Options of the other family that wcc translates are the only ones it knows beyond its compiler.
known='-stdlib=\|-rtlib='
diff <(answers ref | grep -v -e "$known") <(answers wcc | grep -v -e "$known")
ninja -C as-wcc install
(cd as-wcc && ctest)
[ "$(ninja -C as-wcc -n | tail -n 1)" = 'ninja: no work to do.' ]
touch src/two.c
ninja -C as-wcc -n | grep -q main
record "tests: all answers about flags, languages and linker alike"
linked_by_wcc as-wcc/main as-wcc/libone.so.1.2.3 out
