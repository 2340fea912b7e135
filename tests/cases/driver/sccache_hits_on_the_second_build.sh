#@ needs: sccache
export SCCACHE_DIR=$PWD/cache SCCACHE_SERVER_UDS=$PWD/socket SCCACHE_IDLE_TIMEOUT=60
echo 'int f(void); int main(void) { return f() - 42; }' >m.c
echo 'int f(void) { return 42; }' >f.c
sccache --start-server 2>/dev/null
trap 'sccache --stop-server >/dev/null' EXIT
hits() { sccache --show-stats | awk '/^Cache hits  / { print $3 }'; }
# wcc puts the launcher before each compile job; the link stays here.
for n in 1 2; do
    WCC_LAUNCHER=sccache "$WCC" -O1 m.c f.c -o prog$n
    ./prog$n
done
cmp prog1 prog2
[ "$(hits)" = 2 ]
# A launcher before wcc, as make and CMake put it: sccache must know whose dialect wcc speaks.
for n in 1 2; do
    sccache "$WCC" -O2 -c m.c -o m$n.o
    sccache "$WCC" -O2 -c f.c -o f$n.o
    sccache "$WCC" m$n.o f$n.o -o linked$n
    ./linked$n
done
[ "$(hits)" = 4 ]
