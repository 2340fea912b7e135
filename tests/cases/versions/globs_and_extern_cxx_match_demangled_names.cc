//@ shared: libv.so v.o -Wl,--version-script=map
//@ args: libv.so
//@ expect libv.so: dynsym _ZN3lib4openEi@@V1 DEF
//@ expect libv.so: dynsym c_api@@V1 DEF
//@ expect libv.so: dynsym _ZN3lib5Thing3getEv@@V1 DEF
//@ expect libv.so: no dynsym _ZN6detail4hideEi
//@ out: 3
#include <cstdio>
namespace lib { int open(int); }
int main() { std::printf("%d\n", lib::open(2)); }
//@ file: v.cc -fPIC
namespace detail { int hide(int x) { return x + 1; } }
namespace lib {
int open(int x) { return detail::hide(x); }
struct Thing { int get(); };
int Thing::get() { return 0; }
}
extern "C" int c_api() { return 0; }
//@ file: map
V1 {
  global:
    extern "C++" {
      "lib::open(int)";
      lib::Thing::*;
    };
    c_*;
  local: *;
};
