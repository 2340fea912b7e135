# libffi: autoconf and libtool; assembler with hand-written unwind tables, a version script, closures in executable memory,
# its DejaGnu suite with exceptions thrown through calls.
packages dejagnu g++
debian_source libffi
configure_both
both build make -j"$JOBS"
make check >check.out 2>&1 || true
cat */testsuite/libffi.sum testsuite/libffi.sum 2>/dev/null | grep '^# of\|^FAIL' || tail check.out
! cat */testsuite/libffi.sum testsuite/libffi.sum 2>/dev/null | grep '^FAIL\|^UNRESOLVED\|^ERROR' || exit 1
record "tests: $(cat */testsuite/libffi.sum testsuite/libffi.sum 2>/dev/null | sed -n 's/^# of expected passes[^0-9]*//p')"
nm -D "$(find . -name libffi.so.8)" | grep ' ffi_call@@LIBFFI_BASE_8.0$' >/dev/null
linked_by_wcc .
