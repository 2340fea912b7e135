# `cargo test` of a crate with more than a hundred dependencies.
rm -rf many-deps
mkdir -p many-deps
cd many-deps
export CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER=$WCC
cat >Cargo.toml <<'X'
[package]
name = "many-deps"
version = "0.1.0"
edition = "2021"
[dependencies]
tokio = { version = "1", features = ["full"] }
reqwest = { version = "0.12", default-features = false, features = ["rustls-tls", "json"] }
clap = { version = "4", features = ["derive"] }
regex = "1"
rayon = "1"
X
mkdir src
cat >src/lib.rs <<'X'
#[cfg(test)]
mod tests {
    #[test]
    fn tasks_run() {
        let rt = tokio::runtime::Runtime::new().unwrap();
        assert_eq!(rt.block_on(async { tokio::spawn(async { 5 }).await.unwrap() }), 5);
    }
    #[test]
    fn patterns_match() { assert!(regex::Regex::new(r"^\d+$").unwrap().is_match("123")) }
    #[test]
    fn work_is_shared() {
        use rayon::prelude::*;
        assert_eq!((0..1000).into_par_iter().sum::<i32>(), 499500);
    }
    #[test]
    fn client_is_built() { assert!(reqwest::Client::builder().build().is_ok()) }
}
X
n=$(cargo tree --prefix none --no-dedupe -e normal,build 2>/dev/null | sort -u | wc -l)
echo "$n dependencies"
[ "$n" -gt 100 ]
cargo test -j "$JOBS"
record "tests: 4, with $n dependencies"
linked_by_wcc target/debug/deps
