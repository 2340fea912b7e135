# zstd: plain make; assembler, a shared library, threads, its own quick tests.
debian_source libzstd
make -C lib -j"$JOBS" libzstd libzstd.a >/dev/null
both build make -C programs -j"$JOBS" zstd
make -C tests -j"$JOBS" fullbench fuzzer zstreamtest invalidDictionaries legacy
tests/fuzzer -i500
tests/zstreamtest -i200
tests/invalidDictionaries
tests/legacy
record "tests: fuzzer, zstreamtest, invalidDictionaries, legacy"
programs/zstd -q -19 -T2 <lib/libzstd.a | programs/zstd -d | cmp - lib/libzstd.a
linked_by_wcc programs lib tests
