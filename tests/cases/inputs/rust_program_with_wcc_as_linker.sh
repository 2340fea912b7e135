#@ needs: rustc
cat >main.rs <<'X'
use std::collections::HashMap;
fn main() {
    let r = std::panic::catch_unwind(|| { let v: Vec<i32> = vec![]; v[std::env::args().count()] });
    let mut m = HashMap::new();
    m.insert("k", r.is_err());
    let t = std::thread::spawn(move || m["k"]);
    println!("{}", t.join().unwrap());
}
X
rustc --edition 2021 -O main.rs -o release -C linker="$WCC" 2>log
rustc --edition 2021 -g main.rs -o debug -C linker="$WCC" 2>>log
[ "$(./release 2>panics)" = true ]
[ "$(./debug 2>panics)" = true ]
"$LINKDIFF" --check release debug
"$LINKDIFF" --expect debug 'text .comment wcc'
