# OpenSSL: its own Configure in Perl; two shared libraries with version scripts, engines, providers, a part of its tests.
packages perl
debian_source openssl
./Configure linux-x86_64 shared no-asm --debug >configure.log
measured make -j"$JOBS" build_sw >make.log 2>&1
record "build: gcc - ms, wcc $WALL ms; processor 0 ms, $CPU ms: -"
make test TESTS="${OPENSSL_TESTS:-test_sanity test_evp test_rsa test_ec test_x509 test_ssl_old test_shlibload test_symbol_presence}" >test.log 2>&1 || {
    tail -n 30 test.log
    exit 1
}
tail -n 3 test.log
record "tests: $(sed -n 's/^Files=\([0-9]*\), Tests=\([0-9]*\).*/\2 in \1 files/p' test.log | tail -n 1)"
linked_by_wcc libcrypto.so.3 libssl.so.3 apps providers engines
