# clang as a program of our own: a small main on Debian's static libclang*.a and libLLVM*.a, linked by wcc, under gcc -B
# and under clang --ld-path. The result compiles a C file.
packages llvm-19-dev libclang-19-dev clang-19 libz3-dev zlib1g-dev libzstd-dev libxml2-dev g++
rm -rf clang
mkdir -p clang
cd clang
cat >main.cpp <<'X'
#include "clang/CodeGen/CodeGenAction.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "llvm/Passes/PassPlugin.h"
#include "llvm/Support/TargetSelect.h"
// The archives refer to Polly, which the packages do not ship.
llvm::PassPluginLibraryInfo getPollyPluginInfo() {
    return {LLVM_PLUGIN_API_VERSION, "none", "0", [](llvm::PassBuilder &) {}};
}
int main(int argc, const char **argv) {
    llvm::InitializeAllTargets();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllAsmPrinters();
    llvm::InitializeAllAsmParsers();
    clang::CompilerInstance compiler;
    compiler.createDiagnostics();
    if (!clang::CompilerInvocation::CreateFromArgs(compiler.getInvocation(), llvm::ArrayRef(argv + 1, argc - 1),
                                                   compiler.getDiagnostics()))
        return 2;
    clang::EmitObjAction action;
    return compiler.ExecuteAction(action) ? 0 : 1;
}
X
clang++-19 $(llvm-config-19 --cxxflags) -O1 -c main.cpp
libs="/usr/lib/llvm-19/lib/libclang[A-Z]*.a /usr/lib/llvm-19/lib/libLLVM*.a"
system="-lrt -ldl -lm -lz3 -lz -lzstd -lxml2 -lpthread"
echo 'int f(int x) { return x * 6; }' >f.c
echo 'int f(int); int main(void) { return f(7) != 42; }' >m.c
$CXX main.o -o cc1-wcc -Wl,--start-group $libs -Wl,--end-group $system
mkdir B
ln -s "$LD" B/ld
g++ -BB main.o -o cc1-gcc-b -Wl,--start-group $libs -Wl,--end-group $system
clang++-19 --ld-path="$LD" main.o -o cc1-ld-path -Wl,--start-group $libs -Wl,--end-group $system
for cc1 in cc1-wcc cc1-gcc-b cc1-ld-path; do
    ./$cc1 -triple x86_64-pc-linux-gnu -emit-obj f.c -o f.o
    $CC m.c f.o -o prog
    ./prog
done
record "version: 19"
record "tests: compiles a file, linked 3 ways"
linked_by_wcc .
