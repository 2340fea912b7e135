# XZ Utils: autoconf, libtool, symbol versions by version script and .symver, IFUNC in its CRC code, make check.
debian_source xz-utils
configure_both --disable-doc
both build make -j"$JOBS"
make check | tee check.out
record "tests: $(sed -n 's/^# PASS: *//p' check.out) of $(sed -n 's/^# TOTAL: *//p' check.out)"
relink "src/xz/xz src/xzdec/xzdec src/lzmainfo/lzmainfo src/liblzma/liblzma.la src/liblzma/.libs/liblzma.so*" make
linked_by_wcc src tests
