#@ needs: setpriv
# root may write anywhere, so the link runs as somebody else.
[ "$(id -u)" = 0 ] || { echo 'needs root to become another user'; exit 77; }
echo 'int main(void) { return 0; }' >a.c
$CC -c a.c
mkdir dir
echo old >dir/prog
cp a.o /tmp/wcc-test-$$.o
chmod 755 dir
chmod 644 dir/prog /tmp/wcc-test-$$.o
here=$PWD
cp "$(readlink -f "$LD")" /tmp/wcc-test-$$-ld.wcc
chmod 755 /tmp/wcc-test-$$-ld.wcc
status=0
setpriv --reuid=65534 --regid=65534 --clear-groups \
    /tmp/wcc-test-$$-ld.wcc -r /tmp/wcc-test-$$.o -o "$here/dir/new" 2>err || status=$?
setpriv --reuid=65534 --regid=65534 --clear-groups \
    /tmp/wcc-test-$$-ld.wcc -shared /tmp/wcc-test-$$.o -o "$here/dir/prog" 2>err2 || status2=$?
rm -f /tmp/wcc-test-$$*
[ "$status" = 1 ]
[ "$status2" = 1 ]
[ "$(cat dir/prog)" = old ]
[ "$(ls dir)" = prog ]
