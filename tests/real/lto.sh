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
    # Only IR refers to it and everything is inlined or renamed: it is no global symbol any more.
    ! nm "$out" | grep -q ' T sqlite3_randomness$' || return 1
}
one gcc -flto=auto
one clang-19 -flto
one clang-19 -flto=thin
linked_by_wcc .
cd ../..
unset WCC_CC
