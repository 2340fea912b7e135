# rustc's ways of linking: each option that changes the link, the musl target, shared and static libraries for C.
rm -rf rustc
mkdir -p rustc
cd rustc
rustup target add x86_64-unknown-linux-musl
cat >main.rs <<'R'
use std::{cell::Cell, collections::HashMap};
thread_local!(static T: Cell<u32> = const { Cell::new(1) });
unsafe extern "C" { fn strlen(s: *const u8) -> usize; }
fn main() {
    let m: HashMap<String, u32> = (0..100).map(|i| (format!("k{i}"), i)).collect();
    let t = std::thread::spawn(|| { T.set(T.get() + 41); T.get() }).join().unwrap();
    let n = unsafe { strlen(b"abc\0".as_ptr()) };
    std::panic::set_hook(Box::new(|_| {}));
    let caught = cfg!(panic = "abort") || std::panic::catch_unwind(|| panic!("x")).is_err();
    assert!(std::backtrace::Backtrace::force_capture().to_string().contains("main"));
    println!("{} {t} {n} {caught}", m.values().sum::<u32>());
}
R
cat >lib.rs <<'R'
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> u32 { 40 + std::thread::spawn(|| 2).join().unwrap() }
R
printf '%s\n' '#include <stdio.h>' 'unsigned answer(void);' 'int main(void) { return printf("%u\n", answer()) != 3; }' >c.c
n=0
while read -r options; do
    rustc --edition 2024 main.rs -C linker="$WCC" $options -o m$n
    [ "$(./m$n)" = '4950 42 3 true' ]
    n=$((n + 1))
done <<'L'
-O -g
-C prefer-dynamic -C rpath
-C panic=abort -C opt-level=z
-C lto=fat -O
-C lto=thin -O
-C strip=debuginfo
-g -C split-debuginfo=packed
-g -C split-debuginfo=unpacked
-C relocation-model=static
-C target-feature=+crt-static
-C target-feature=+crt-static -C relocation-model=static
-C link-dead-code
-C instrument-coverage
-C profile-generate=profile
-C symbol-mangling-version=v0
-C link-arg=-Wl,-Map=map -C link-args=-Wl,--icf=all,-z,now
-C code-model=large
-C relro-level=off
--target x86_64-unknown-linux-musl
--target x86_64-unknown-linux-musl -C relocation-model=static
L
rustc --edition 2024 --crate-type cdylib lib.rs -C linker="$WCC" -o libanswer.so
rustc --edition 2024 --crate-type staticlib lib.rs -o libanswer.a
"$WCC" c.c libanswer.so -Wl,-rpath,"$PWD" -o with-so
"$WCC" c.c libanswer.a -o with-a
[ "$(./with-so) $(./with-a)" = '42 42' ]
record "tests: $n ways to link a program, a library for C twice"
linked_by_wcc .
