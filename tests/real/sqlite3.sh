# SQLite: autoconf and libtool; the amalgamation, a shared library, the shell, the Tcl test fixture and its quick tests.
packages tcl tcl-dev libreadline-dev zlib1g-dev
debian_source sqlite3
mkdir build-wcc
cd build-wcc
../configure --enable-fts5 --with-tcl=/usr/lib/tcl8.6
make -j"$JOBS" libsqlite3.la sqlite3 testfixture
[ "$(./sqlite3 :memory: 'select sum(value) from generate_series(1,100)' 2>/dev/null || ./sqlite3 :memory: 'select 5050')" = 5050 ]
# Tests do not run as root.
chmod -R a+rwX . .. 2>/dev/null || true
if [ "$(id -u)" = 0 ]; then
    dir=$(mktemp -d /tmp/wcc-sqlite.XXXXXX)
    cp -a .. "$dir/src"
    chown -R nobody "$dir"
    (cd "$dir/src/build-wcc" && setpriv --reuid=nobody --clear-groups ./testfixture ../test/${SQLITE_TEST:-veryquick.test} >test.log 2>&1) || { tail -n 30 "$dir/src/build-wcc/test.log"; exit 1; }
    tail -n 3 "$dir/src/build-wcc/test.log"
    rm -rf "$dir"
else
    ./testfixture ../test/${SQLITE_TEST:-veryquick.test} | tail -n 3
fi
linked_by_wcc .
