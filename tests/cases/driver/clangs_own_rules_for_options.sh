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
# In a link of objects nobody but wcc sees options about code: what clang says of them is said all the same.
"$WCC" -c m.c -o m.o
"$WCC" -c f.c -o f.o
for option in -fnosuch -mnosuch --nosuch; do
    must_fail "$WCC" $option m.o f.o -o m 2>err
    grep -q '^wcc: error: ' err
done
"$WCC" -fno-ident m.o f.o -o m 2>err
grep -q "^wcc: warning: argument unused during compilation: '-fno-ident'" err
must_fail "$WCC" -Werror -fno-ident m.o f.o -o m 2>err
"$WCC" -Werror -fno-ident -Qunused-arguments m.o f.o -o m 2>err
[ ! -s err ]
"$WCC" -O2 -g -Wall -Wnosuch -fPIC -fvisibility=hidden -DX -I. -MMD -MF x.d -march=native m.o f.o -o m 2>err
[ ! -s err ]
./m
# An empty word is nothing.
"$WCC" "" m.o f.o -o m
./m
# Behind -- are inputs only.
"$WCC" -o m -- m.o f.c
./m
"$WCC" -c -o n.o -- m.c
# Questions, in either form.
for question in -print-target-triple --print-target-triple --print-resource-dir -print-targets; do
    [ "$("$WCC" $question m.o)" = "$("$WCC_CC" $question m.o)" ]
done
# Run-times that only clang knows of.
for option in -fmemory-profile -fxray-instrument -mdaz-ftz; do
    "$WCC" $option m.c f.c -o m
    ./m
done
