#@ needs: clang
WCC_CC=$(command -v clang-19 || command -v clang)
export WCC_CC
echo 'int f(void); int main(void) { return f(); }' >m.c
echo 'int f(void) { return 0; }' >f.c
# One file with an entry for each source.
"$WCC" -MJ all.json m.c f.c -o m
[ "$(grep -c '"file"' all.json)" = 2 ]
"$LINKDIFF" --expect m 'text .comment wcc'
# -static-pie counts wherever it stands; gcc lets the last word win.
"$WCC" -static-pie -pie m.c f.c -o m
"$LINKDIFF" --expect m 'no segment INTERP'
./m
must_fail "$WCC" -znow m.c f.c -o m 2>err
grep -q "unknown argument: '-znow'" err
