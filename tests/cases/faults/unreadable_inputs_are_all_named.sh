command -v setpriv >/dev/null || { echo 'needs setpriv'; exit 77; }
[ "$(id -u)" = 0 ] || { echo 'needs root to become somebody else'; exit 77; }
echo 'int main(void) { return 0; }' >a.c
$CC -c a.c
cp a.o secret.o
cp a.o hidden.a
chmod 0 secret.o hidden.a
mkdir dir.o
chmod 777 .
status=0
setpriv --reuid=65534 --regid=65534 --clear-groups "$LD" a.o secret.o hidden.a dir.o nothing.o -o prog 2>err || status=$?
[ "$status" = 1 ] || { cat err; exit 1; }
grep -q 'secret.o: Permission denied' err
grep -q 'hidden.a: Permission denied' err
grep -q 'dir.o: [Ii]s a directory' err
grep -q 'nothing.o: No such file' err
[ ! -e prog ]
