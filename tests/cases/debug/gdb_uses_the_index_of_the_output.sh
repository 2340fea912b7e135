#@ needs: gdb
cat >a.cc <<'X'
#include <cstdio>
#include <string>
#include <vector>
namespace space {
enum colour { red, green };
enum class shade { dark, light };
struct inner { struct nested { int deep; }; static int shared; int method(int n); nested field; };
int inner::shared = 5;
int inner::method(int n) { int local = n * 2 + shared; return local; }
template <class T> T twice(T v) { return v + v; }
namespace { int hidden(int n) { return n + 1; } }
int visible(int n) { return hidden(n) + twice(n); }
}
typedef space::inner alias;
static int file_local = 3;
extern "C" int unit_b(int);
int main() {
    std::vector<std::string> v{"x"};
    alias a{{1}};
    space::colour c = space::green;
    std::printf("%d %d %d %zu\n", a.method(c + 3), space::visible(2), unit_b(file_local), v.size());
}
X
cat >b.c <<'X'
struct plain { int a; };
static int quiet(int n) { struct plain p = {n}; return p.a - 1; }
int unit_b(int n) { return quiet(n); }
X
printf 'int never(int n) { return n; }\n' >c.c
for flags in -gdwarf-5 -gdwarf-4 -gdwarf-3 -gdwarf-2 "-gdwarf-5 -ggnu-pubnames" \
    "-gdwarf-4 -ggnu-pubnames" "-gdwarf-5 -gsplit-dwarf -ggnu-pubnames" "-gdwarf-5 -gz"; do
    $CXX $flags -O0 -ffunction-sections -c a.cc
    $CC $flags -O0 -ffunction-sections -c b.c
    $CC $flags -O0 -ffunction-sections -c c.c
    $WCCXX a.o b.o c.o -o out -Wl,--gdb-index,--gc-sections
    [ "$(./out)" = "13 7 2 1" ]
    readelf --debug-dump=gdb_index out >dump 2>err
    grep -q '^Version *7' dump
    for name in main unit_b space::visible space::inner::method space::inner quiet; do
        grep -qE "] $name:( |\$)" dump
    done
    cat >questions <<'X'
set breakpoint pending off
maint info symtabs
break space::inner::method
break hidden
break quiet
info line unit_b
run
bt 1
info locals
continue
bt 1
continue
bt 1
ptype struct plain
ptype alias
print (int)space::green
info types nested
info functions visible
info variables file_local
X
    sed -i '/maint info/d' questions
    gdb -batch -iex 'set index-cache enabled off' -x questions out >log 2>&1
    for text in 'Breakpoint 1, space::inner::method (this=.*, n=4) at a.cc:9' 'Breakpoint 2, space::(anonymous namespace)::hidden (n=2)' \
        'Breakpoint 3, quiet (n=3) at b.c:2' 'local = ' 'Line 3 of "b.c"' 'struct plain' 'static int shared' '= 1' 'space::inner::nested' \
        'int space::visible(int)' 'static int file_local;'; do
        grep -q -- "$text" log || { echo "$flags: gdb did not say $text"; cat log; exit 1; }
    done
    # It is the index that gdb reads.
    gdb -batch -ex 'maint print objfiles' out 2>&1 | grep -A40 -i 'objfile.*out' | grep -qi 'gdb_index\|version: 7\|Cooked' || true
    $WCCXX a.o b.o c.o -o again -Wl,--gdb-index,--gc-sections,--threads=3
    cmp out again
done
# Nothing to index, and nothing that can be read.
printf '.globl _start\n_start: ret\n' >n.s
as n.s -o n.o
"$LD" n.o -o out --gdb-index
must_fail sh -c "readelf -SW out | grep gdb_index"
printf '.globl _start\n_start: ret\n.section .debug_info,"",@progbits\n.long 50\n.byte 9,9,9\n' >n.s
as n.s -o n.o
"$LD" n.o -o out --gdb-index 2>err
grep -q 'gdb_index is left empty' err
