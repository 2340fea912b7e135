cat >a.c <<'X'
int x;
__attribute__((noinline)) void one(void) { x++; }
__attribute__((noinline)) void two(void) { x += 2; }
__attribute__((noinline)) void rare(void) { x += 3; }
__attribute__((noinline)) void often(void) { two(); }
int main(int argc, char **argv) {
    for (int i = 0; i < 9; i++) often();
    if (argc > 5) rare();
    one();
    return x != 19;
}
X
$CC -O1 -fno-inline -fno-ipa-icf -ffunction-sections -c a.c
order() { nm -n out | sed -nE 's/.* T (one|two|rare|often|main)$/\1/p' | tr '\n' ' '; }
printf 'main often 100\noften two 100\nmain one 12\nmain rare 1\n' >calls
$WCC a.o -o out -Wl,--call-graph-ordering-file=calls
[ "$(order)" = "main often two one rare " ]
./out
# An explicit order is stronger; none means none.
printf 'rare\n' >list
$WCC a.o -o out -Wl,--call-graph-ordering-file=calls,--symbol-ordering-file=list
[ "$(order)" = "rare main often two one " ]
$WCC a.o -o plain
$WCC a.o -o out -Wl,--call-graph-ordering-file=calls,--call-graph-profile-sort=none
cmp out plain
printf 'main often\n' >calls
must_fail $WCC a.o -o out -Wl,--call-graph-ordering-file=calls 2>err
grep -q 'calls:1: .* CALLER CALLEE WEIGHT' err
# What Clang writes of a profile.
if command -v clang-19 >/dev/null; then
    cat >p.ll <<'X'
target triple = "x86_64-unknown-linux-gnu"
define void @f() { ret void }
define void @g() { ret void }
define void @h() { ret void }
define i32 @main() { call void @f() call void @g() call void @h() ret i32 0 }
!llvm.module.flags = !{!0}
!0 = !{i32 5, !"CG Profile", !1}
!1 = !{!2, !3}
!2 = !{ptr @main, ptr @h, i64 50}
!3 = !{ptr @h, ptr @f, i64 40}
X
    clang-19 -O0 -ffunction-sections -c p.ll -o p.o
    readelf -SW p.o | grep call-graph-profile >/dev/null
    $WCC p.o -o out
    [ "$(nm -n out | sed -nE 's/.* T ([fgh]|main)$/\1/p' | tr '\n' ' ')" = "main h f g " ]
    ./out
fi
