# wcc links itself; that wcc links itself again to the same bytes, and passes the cases.
rm -rf self
mkdir -p self
cd self
export CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER=$WCC
(cd "$ROOT" && cargo build -q --release -p wcc --bins -j "$JOBS" --target-dir "$OLDPWD/first")
mkdir gen1 gen2
cp first/release/wcc first/release/wcc++ first/release/ld.wcc gen1/
export CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER=$PWD/gen1/wcc
rm -rf first/release
(cd "$ROOT" && cargo build -q --release -p wcc --bins -j "$JOBS" --target-dir "$OLDPWD/first")
cp first/release/wcc first/release/wcc++ first/release/ld.wcc gen2/
cmp gen1/wcc gen2/wcc
(cd "$ROOT" && WCC_BIN=$OLDPWD/gen2 cargo test -q -p wcc-tests --test cases) | tail -n 3 | tee cases.out
record "tests: $(sed -n 's/^test result: ok. \([0-9]*\) passed.*/\1 cases, the same bytes twice/p' cases.out)"
linked_by_wcc gen1 gen2
