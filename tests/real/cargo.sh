# cargo: a procedural macro (a dylib that rustc loads), a cdylib loaded by dlopen, build scripts, `cargo test`.
rm -rf cargo
mkdir -p cargo
cd cargo
export CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER=$WCC
mkdir -p mac/src plug/src app/src
cat >Cargo.toml <<'X'
[workspace]
resolver = "2"
members = ["mac", "plug", "app"]
X
cat >mac/Cargo.toml <<'X'
[package]
name = "mac"
version = "0.1.0"
edition = "2021"
[lib]
proc-macro = true
X
cat >mac/src/lib.rs <<'X'
use proc_macro::TokenStream;
#[proc_macro]
pub fn answer(_: TokenStream) -> TokenStream { "42".parse().unwrap() }
X
cat >plug/Cargo.toml <<'X'
[package]
name = "plug"
version = "0.1.0"
edition = "2021"
[lib]
crate-type = ["cdylib"]
X
cat >plug/src/lib.rs <<'X'
use std::cell::Cell;
thread_local!(static N: Cell<i32> = const { Cell::new(40) });
#[no_mangle]
pub extern "C" fn plug_answer() -> i32 {
    N.set(N.get() + 1);
    std::panic::catch_unwind(|| { if N.get() > 100 { panic!() } }).map_or(-1, |_| N.get() + 1)
}
X
cat >app/Cargo.toml <<'X'
[package]
name = "app"
version = "0.1.0"
edition = "2021"
[dependencies]
mac = { path = "../mac" }
libloading = "0.8"
serde = { version = "1", features = ["derive"] }
serde_json = "1"
X
cat >app/src/main.rs <<'X'
#[derive(serde::Serialize, serde::Deserialize, Debug, PartialEq)]
struct S { a: i32, b: Vec<String> }
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let from_lib = unsafe {
        let lib = libloading::Library::new(path).unwrap();
        let f: libloading::Symbol<extern "C" fn() -> i32> = lib.get(b"plug_answer").unwrap();
        f()
    };
    let s = S { a: mac::answer!(), b: vec!["x".into()] };
    let t: S = serde_json::from_str(&serde_json::to_string(&s).unwrap()).unwrap();
    assert_eq!(s, t);
    println!("{} {}", t.a, from_lib);
}
#[cfg(test)]
mod tests {
    #[test]
    fn macros_work() { assert_eq!(mac::answer!(), 42) }
    #[test]
    #[should_panic]
    fn panics_unwind() { panic!("x") }
}
X
for flag in '' --release; do
    cargo build -q $flag -j "$JOBS"
    cargo test -q $flag -j "$JOBS"
    dir=debug; [ -z "$flag" ] || dir=release
    [ "$(target/$dir/app "$PWD/target/$dir/libplug.so")" = "42 42" ]
done
record "tests: cargo test, a macro, a cdylib, debug and release"
linked_by_wcc target/debug target/release
