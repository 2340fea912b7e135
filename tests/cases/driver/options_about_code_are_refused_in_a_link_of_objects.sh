# Nobody but wcc sees them there: a build that tries an option when it links must learn that the compiler has not got it.
echo 'int main(void) { return 0; }' >m.c
$CC -c m.c
export WCC_CC=gcc
for option in -fnosuchoption -mnosuchoption -Wnosuchoption -std=nosuch -fbogus=3; do
    must_fail "$WCC" $option m.o -o m 2>err
    grep -q "unrecognized command-line option '$option'" err
done
# Names with values, negated ones, and warnings nobody knows that are not wanted.
"$WCC" -fstack-protector-strong -fno-stack-clash-protection -fmax-errors=3 -falign-functions=32 -ftemplate-depth-900 \
    -mtune=generic -mno-avx -Wno-nosuchoption -Werror=format -Wformat=2 -std=gnu17 -fdump-tree-all m.o -o m 2>err
[ ! -s err ]
./m
