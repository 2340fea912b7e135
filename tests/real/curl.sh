# curl: autoconf, libtool, a versioned shared library, OpenSSL; a good part of its own tests.
packages libssl-dev zlib1g-dev perl pkg-config
debian_source curl
export IN_TREE=1
configure_both --with-openssl --without-libpsl --without-brotli --without-zstd --without-nghttp2 --disable-ldap
both build make -j"$JOBS"
relink "src/curl src/.libs/curl lib/libcurl.la lib/.libs/libcurl.so*" make
make -j"$JOBS" -C tests
cd tests
make -C unit -j"$JOBS" || true
make -C libtest -j"$JOBS"
make -C server -j"$JOBS"
# 165 wants the locale en_US.ISO8859-1; valgrind (-n: without) would take an hour.
perl runtests.pl -a -n -s '!165' '!flaky' '!SCP' '!SFTP' '!FTPS' 1 to "${CURL_TESTS:-600}" | tail -n 40 | tee tests.out
grep -q '^TESTDONE' tests.out
! grep -q '^TESTFAIL' tests.out
record "tests: $(sed -n 's/^TESTDONE: \([0-9]*\) tests out of \([0-9]*\) reported OK.*/\1 of \2/p' tests.out)"
cd ..
linked_by_wcc lib src tests
