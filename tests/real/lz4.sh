# lz4: plain make; a shared library that hides names, programs and tests.
debian_source lz4
both build make -j"$JOBS" lib lz4
make -C tests -j"$JOBS" frametest fuzzer fullbench datagen
tests/frametest -i500 
tests/fuzzer -i500
record "tests: frametest, fuzzer"
./lz4 -9 <lib/liblz4.a | ./lz4 -d | cmp - lib/liblz4.a
linked_by_wcc .
