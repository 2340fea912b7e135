# PostgreSQL: --as-needed, a server that its modules take symbols from, dlopen, libpq with an export list, its own regression
# tests in a server that is started for them. Neither runs as root.
packages bison flex libreadline-dev zlib1g-dev perl
debian_source postgresql-15
build=$(mktemp -d /tmp/wcc-postgresql.XXXXXX)
trap 'rm -rf "$build"' EXIT
cp -a . "$build/src"
cd "$build/src"
./configure --enable-debug CFLAGS='-O1' >/dev/null
make -s -j"$JOBS" >/dev/null 2>&1
nm -D src/interfaces/libpq/libpq.so.5 | grep ' PQconnectdb$' >/dev/null
run=
if [ "$(id -u)" = 0 ]; then
    chown -R nobody "$build"
    run="setpriv --reuid=nobody --clear-groups env HOME=$build"
fi
$run make check MAX_CONNECTIONS=4 2>&1 | tee check.out | tail -n 5
record "tests: $(sed -n 's/.*All \([0-9]*\) tests passed.*/\1/p' check.out)"
grep 'tests passed' check.out
linked_by_wcc src
