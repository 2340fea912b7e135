# Link-time optimisation of real programs, by gcc and by clang, full and thin: SQLite's shell, and JsonCpp
# (C++) with its tests.
packages tcl tcl-dev zlib1g-dev gcc g++ clang-19 llvm-19 llvm-19-linker-tools
debian_source sqlite3
./configure --disable-tcl --disable-readline >/dev/null
make sqlite3.c shell.c >/dev/null
one() {
    export WCC_CC=$1
    shift
    local out=sqlite3-$WCC_CC$1
    "$CC" "$@" -O2 -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_RTREE sqlite3.c shell.c -o "$out" -lm
    [ "$("./$out" :memory: 'create table t(a); insert into t values(1),(2),(39); select sum(a) from t;')" = 42 ]
    "./$out" :memory: "create virtual table f using fts5(x); insert into f values('link time'); select count(*) from f('time');" | grep -qx 1
    # Only IR refers to it: it is no global symbol any more. Thin code generation refers to it across modules.
    nm "$out" >"$out.symbols"
    if [ "$1" != -flto=thin ] && grep ' T sqlite3_randomness$' "$out.symbols"; then
        echo "$out: sqlite3_randomness is still global"
        return 1
    fi
}
one gcc -flto=auto
one clang-19 -flto
one clang-19 -flto=thin
linked_by_wcc .
cd ../..
# JsonCpp: an archive and a shared object of IR, and its tests with either.
debian_source libjsoncpp
one() {
    export WCC_CC=$1
    local ar=$2 flags="$3 -O2 -fPIC -Iinclude" dir=lto-$1$3 f
    mkdir "$dir"
    for f in src/lib_json/json_{reader,value,writer}.cpp src/test_lib_json/{main,jsontest,fuzz}.cpp; do
        "$CXX" $flags -c "$f" -o "$dir/$(basename "$f" .cpp).o"
    done
    "$ar" rcs "$dir/libjsoncpp.a" "$dir"/json_*.o
    "$CXX" $flags -shared "$dir"/json_*.o -o "$dir/libjsoncpp.so" -Wl,-soname,libjsoncpp.so
    "$CXX" $flags "$dir"/{main,jsontest,fuzz}.o "$dir/libjsoncpp.a" -o "$dir/static"
    "$CXX" $flags "$dir"/{main,jsontest,fuzz}.o -L"$dir" -ljsoncpp -Wl,-rpath,"$PWD/$dir" -o "$dir/shared"
    for f in static shared; do
        "$dir/$f" >"$dir/$f.log" 2>&1 || { tail -n 20 "$dir/$f.log"; return 1; }
    done
    linked_by_wcc "$dir"
}
one gcc gcc-ar -flto=auto
one clang-19 llvm-ar-19 -flto
one clang-19 llvm-ar-19 -flto=thin
cd ../..
unset WCC_CC
