cat >a.c <<'X'
int a(void) { return 1; }
int b(void) { return 2; }
int c(void) { return 3; }
int main(void) { return a() + b() + c() - 6; }
X
$CC -O1 -ffunction-sections -c a.c
order() { nm -n out | sed -nE 's/.* T ([a-c])$/\1/p' | tr '\n' ' '; }
printf '# hot\n.text.c\n.text.[b]\n' >list
$WCC a.o -o out -Wl,--section-ordering-file=list
[ "$(order)" = "c b a " ]
./out
printf '.text : { *(.text.b) *(.text.c .text.a) }\n' >list
$WCC a.o -o out -Wl,--section-ordering-file=list
[ "$(order)" = "b c a " ]
./out
# Of other files only.
printf '.text : { other.o(.text.b) *a.o(.text.c) }\n' >list
$WCC a.o -o out -Wl,--section-ordering-file=list
[ "$(order)" = "c a b " ]
printf '.text : { *(.text.b }\n' >list
must_fail $WCC a.o -o out -Wl,--section-ordering-file=list 2>err
grep -q list err
