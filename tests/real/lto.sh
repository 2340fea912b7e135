# Link-time optimisation of real programs, by gcc and by clang, full and thin: SQLite's shell, and re2 (C++) with its tests.
packages tcl tcl-dev zlib1g-dev libgtest-dev libbenchmark-dev gcc g++ clang-19 llvm-19 llvm-19-linker-tools
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
# re2: objects and an archive of IR, linked into every test; the shared object of IR has a version script.
debian_source re2
one() {
    export WCC_CC=$1
    make clean >/dev/null
    make -j"$JOBS" CXX="$CXX" AR="$2" CXXFLAGS="$3 -O2 -pthread -Wall" LDFLAGS="$3 -pthread" \
        obj/so/libre2.so obj/test/{charclass,compile,filtered_re2,mimics_pcre,parse,possible_match,re2_arg,re2,regexp,required_prefix,search,set,simplify,string_generator}_test >build.log 2>&1 ||
        { tail -n 30 build.log; return 1; }
    for test in obj/test/*_test; do
        "$test" >"$test.log" 2>&1 || { tail -n 20 "$test.log"; return 1; }
    done
    linked_by_wcc obj
}
one gcc gcc-ar -flto=auto
one clang-19 llvm-ar-19 -flto
one clang-19 llvm-ar-19 -flto=thin
cd ../..
unset WCC_CC
