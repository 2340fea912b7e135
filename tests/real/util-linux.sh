# util-linux by Meson: shared libraries with version scripts, static programs, many small ones, its own tests.
packages meson ninja-build bison flex pkg-config libncurses-dev libtinfo-dev gettext bsdextrautils libpam0g-dev libcap-ng-dev
debian_source util-linux
CFLAGS='-g -O0' meson setup build --auto-features=disabled -Dncursesw=enabled -Dtinfo=enabled -Dbuild-bash-completion=disabled \
    -Dstatic-programs=losetup,mount,fdisk,blkid >/dev/null
ninja -C build -j"$JOBS" >/dev/null
nm -D "$(find build -name "libblkid.so.1.*" -type f)" | grep ' blkid_new_probe@@BLKID_2.15$' >/dev/null
tests/run.sh --builddir="$PWD/build" --srcdir="$PWD" --parallel="$JOBS" blkid fdisk misc hexdump column libmount schedutils uuid \
    >check.out 2>&1 || true
tail -n 12 check.out
grep 'FAILED' check.out || true
record "tests: $(sed -n 's/.*All \([0-9]*\) tests PASSED.*/\1/p; s/.*\( [0-9]* tests of [0-9]* FAILED\).*/\1/p' check.out)"
grep 'tests PASSED' check.out
linked_by_wcc build
