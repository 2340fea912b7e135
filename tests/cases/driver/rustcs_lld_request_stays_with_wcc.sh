#@ needs: rustc
# rustc adds -fuse-ld=lld and its own -B by itself; the link must not leave wcc.
echo 'fn main() { println!("x"); }' >a.rs
rustc a.rs -o a -C linker="$WCC" 2>log
[ "$(./a)" = x ]
"$LINKDIFF" --expect a 'text .comment wcc'
