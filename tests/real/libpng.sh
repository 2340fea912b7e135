# libpng: autoconf and libtool; a shared library with a version script, static programs, make check. Its configure
# answers must be those the compiler behind wcc gets.
packages zlib1g-dev
debian_source libpng1.6
configure_both
both build make -j"$JOBS"
make check | tee check.out
record "tests: $(sed -n 's/^# PASS: *//p' check.out) of $(sed -n 's/^# TOTAL: *//p' check.out)"
relink "libpng16.la .libs/libpng16.so* pngfix png-fix-itxt" make
lib=$(echo .libs/libpng16.so.16.*)
# The version script was obeyed.
nm -D "$lib" | grep ' png_create_read_struct@@PNG16_0$' >/dev/null
linked_by_wcc .
