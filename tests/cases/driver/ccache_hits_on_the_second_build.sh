#@ needs: ccache
export CCACHE_DIR=$PWD/cache CCACHE_SLOPPINESS=
echo 'int f(void); int main(void) { return f() - 42; }' >m.c
echo 'int f(void) { return 42; }' >f.c
hits() { ccache --print-stats | awk '/^(direct|preprocessed)_cache_hit/ { n += $2 } END { print n }'; }
# wcc puts the launcher before each compile job; the link stays here.
for n in 1 2; do
    WCC_LAUNCHER=ccache "$WCC" -O1 m.c f.c -o prog$n
    ./prog$n
done
cmp prog1 prog2
[ "$(hits)" = 2 ]
# A launcher before wcc, as make and CMake put it.
for n in 1 2; do
    ccache "$WCC" -O2 -c m.c -o m$n.o
    ccache "$WCC" -O2 -c f.c -o f$n.o
    ccache "$WCC" m$n.o f$n.o -o linked$n
    ./linked$n
done
[ "$(hits)" = 4 ]
