#@ needs: rustc
cat >lib.rs <<'X'
#[no_mangle]
pub extern "C" fn add(a: i32, b: i32) -> i32 {
    let v: Vec<i32> = vec![a, b];
    std::panic::catch_unwind(move || v.iter().sum::<i32>()).unwrap_or(-1)
}
X
cat >main.c <<'X'
#include <stdio.h>
int add(int, int);
int main(void) { printf("%d\n", add(2, 3)); }
X
rustc --edition 2021 --crate-type staticlib -O lib.rs -o libadd.a 2>rustc.log
$CC -c main.c
$CC -B"$AS_LD" main.o -L. -ladd -lpthread -ldl -lm -o main
[ "$(./main)" = 5 ]
"$LINKDIFF" --check main
