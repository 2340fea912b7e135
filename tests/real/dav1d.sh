# dav1d by Meson: assembler sources, a versioned shared library, its own test programs; Meson must know the linker.
packages meson ninja-build nasm pkg-config
debian_source dav1d
mkdir as-ref as-wcc
cd as-wcc
COMPARE=1 both configure meson setup . .. --buildtype=debug >../setup.log || { tail -n 30 ../setup.log; exit 1; }
grep 'linker for the host machine: .*bfd' ../setup.log
# What Meson found out about compiler and functions: the same.
for file in config.h config.asm; do
    diff ../as-ref/$file $file
done
both build ninja -j"$JOBS"
# clang 19 makes some code whose checks fail, whoever links: what fails here has to fail there.
failures() { ./tests/checkasm 1 2>&1 | sed -n 's/^   \([a-z0-9_]*\) (.*/\1/p'; }
if ! meson test --no-rebuild >test.out; then
    grep '^1/6 .*FAIL' test.out
    grep '^Fail: *1 *$' test.out
    ninja -C ../as-ref -j"$JOBS" tests/checkasm >/dev/null
    diff <(cd ../as-ref && failures) <(failures)
    record "also fail with $REF_CC alone: $(failures | wc -l) of checkasm's functions"
fi
record "tests: $(sed -n 's/^Ok: *//p' test.out)"
relink "$(ninja -t targets all | sed -n 's/: c_LINKER.*//p' | tr '\n' ' ')" ninja -j"$JOBS"
linked_by_wcc .
