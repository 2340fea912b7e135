cat >a.c <<'X'
int n;
__attribute__((constructor(200))) void first(void) { n = 1; }
__attribute__((constructor(300))) void second(void) { n *= 7; }
int a(void) { return 1; }
int b(void) { return 2; }
int c(void) { return 3; }
int main(void) { return n + a() + b() + c() - 13; }
X
$CC -O1 -ffunction-sections -c a.c
order() { nm -n out | sed -nE 's/.* T ([a-c])$/\1/p' | tr '\n' ' '; }
for seed in 1 2 3 4 5 -1 0 '.text.[ab]=9'; do
    $WCC a.o -o out -Wl,--shuffle-sections="$seed"
    ./out
done
$WCC a.o -o out -Wl,--shuffle-sections
./out
$WCC a.o -o one -Wl,--shuffle-sections=12
$WCC a.o -o two -Wl,--shuffle-sections=12
cmp one two
$WCC a.o -o out -Wl,--reverse-sections
[ "$(order)" = "c b a " ]
$WCC a.o -o out -Wl,--shuffle-sections='.text.[bc]=-1'
[ "$(order)" = "a c b " ]
