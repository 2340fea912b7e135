# elfutils: shared libraries whose version scripts name dozens of versions, and tests that read what the linker made:
# symbols, unwinding of its own programs, line numbers, ELF lint.
packages m4 zlib1g-dev libzstd-dev liblzma-dev libbz2-dev gawk
debian_source elfutils
configure_both --enable-maintainer-mode=no --disable-debuginfod --disable-libdebuginfod CFLAGS='-g -O1'
both build make -j"$JOBS"
make -k -j"$JOBS" check >check.out 2>&1 || true
record "tests: $(sed -n 's/^# PASS: *//p' check.out) of $(sed -n 's/^# TOTAL: *//p' check.out), $(sed -n 's/^# SKIP: *//p' check.out) skipped"
# With the C library's debugging information installed its reader of types gives up on long double, whoever links.
[ "$(grep '^FAIL:' check.out | grep -vc '^FAIL: run-native-test.sh$')" = 0 ]
nm -D libelf/libelf.so | grep ' elf_begin@@ELFUTILS_1.0$' >/dev/null
# Its lint has nothing to say about its own programs and libraries.
for file in libelf/libelf.so libdw/libdw.so libasm/libasm.so src/readelf src/elflint; do
    LD_LIBRARY_PATH=libelf:libdw src/elflint --gnu-ld "$file" | grep '^No errors$'
done
linked_by_wcc libelf libdw libasm src
