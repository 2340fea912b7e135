command -v unshare >/dev/null || { echo 'needs unshare'; exit 77; }
echo 'int main(void) { return 0; }' >a.c
$CC -c a.c
env -i PATH="$PATH" "$WCC" a.o -o prog
./prog
env -i PATH="$PATH" HOME=/nowhere XDG_CACHE_HOME=/nowhere/cache TMPDIR=/nowhere/tmp "$WCC" a.o -o prog
./prog
env -i "$(command -v "$LD")" -shared a.o -o lib.so
# Compiling needs a place for the object; without one that is said.
[ "$(id -u)" = 0 ] || exit 0
unshare -m sh -c 'mount -t tmpfs -o ro tmpfs /tmp' 2>/dev/null || exit 0
unshare -m sh -c 'mount --bind . . 2>/dev/null; mount -t tmpfs -o ro tmpfs /tmp && mount -t tmpfs -o ro tmpfs /var/tmp && cd "$0" && "$1" a.o -o prog2' "$PWD" "$WCC" || [ "${PWD#/tmp}" != "$PWD" ] || [ "${WCC#/tmp}" != "$WCC" ]
