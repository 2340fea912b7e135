# XZ Utils: autoconf, libtool, symbol versions by version script and .symver, IFUNC in its CRC code, make check.
debian_source xz-utils
./configure --disable-doc
make -j"$JOBS"
make check
linked_by_wcc src tests
