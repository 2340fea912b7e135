# SQLite: autoconf and libtool; the amalgamation, a shared library, the shell, the Tcl test fixture and its quick tests.
packages tcl tcl-dev libreadline-dev zlib1g-dev
debian_source sqlite3
source=$PWD
configure_both --enable-fts5 --with-tcl=/usr/lib/tcl8.6
both build make -j"$JOBS" libsqlite3.la sqlite3
relink "libsqlite3.la .libs/libsqlite3.so* sqlite3" make libsqlite3.la sqlite3
[ "$(./sqlite3 :memory: 'select sum(value) from json_each(json_array(1, 2, 3))')" = 6 ]
# The tests do not run as root, and libtool's wrappers remember where they were made: a second build, without them, in a
# directory of nobody's.
build=$(mktemp -d /tmp/wcc-sqlite.XXXXXX)
trap 'rm -rf "$build"' EXIT
cp -a "$source" "$build/src"
mkdir "$build/src/build"
cd "$build/src/build"
# Debian links the shell with the library, which then has to have what the shell is compiled for (tests of .recover).
flags=$(sed -n "s/^SHELL_OPT += //p" ../Makefile.in | grep VTAB | tr "\n" " ")
../configure --enable-fts5 --with-tcl=/usr/lib/tcl8.6 --disable-shared CFLAGS="-O1 $flags"
make -j"$JOBS" sqlite3 testfixture
run="./testfixture ../test/${SQLITE_TEST:-veryquick.test}"
if [ "$(id -u)" = 0 ]; then
    chown -R nobody "$build"
    run="setpriv --reuid=nobody --clear-groups $run"
fi
# The suite ends with the number of errors and the names of the tests that failed. io-5.5 expects a file system that
# promises atomic writes of whole pages.
$run >test.log 2>&1 || true
cp test.log "$source/test.log"
head -n 3 test.log
tail -n 4 test.log
record "tests: $(grep 'errors out of' test.log)"
grep '^0 errors out of' test.log || grep '^!Failures on these tests: io-5.5$' test.log
linked_by_wcc "$source/as-wcc" "$build/src/build"
