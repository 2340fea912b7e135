# ripgrep by cargo, debug and release, with nothing but linker = "wcc"; rustc's own -fuse-ld=lld must not take it away.
rm -rf ripgrep
mkdir -p ripgrep
export CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER=$WCC
for profile in dev release; do
    flag=; [ $profile = dev ] && flag=--debug
    cargo install -q ripgrep@15.2.0 --locked --force --no-track $flag --root "$PWD/ripgrep/$profile" --target-dir "$PWD/ripgrep/target" -j "$JOBS"
done
printf 'one\ntwo\nthree\n' >ripgrep/text
for profile in dev release; do
    [ "$(ripgrep/$profile/bin/rg -N 't.o' ripgrep/text)" = two ]
    ripgrep/$profile/bin/rg --count '\w+\s+fn' "$HOME"/.cargo/registry/src/*/regex-*/src >/dev/null
done
record "version: 15.2.0"
record "tests: searches, debug and release"
linked_by_wcc ripgrep/dev/bin ripgrep/release/bin
