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
# Only the compiler knows which values an option has, and it may know options that wcc does not.
for option in -std=nosuch -fabi-version=x -fcf-protection=nosuch -mcmodel=nosuch --param=nosuch=1 -Wnormalized=nosuch; do
    must_fail "$WCC" $option m.o -o m 2>err
    grep -q '^wcc: error: ' err
done
rm m
"$WCC" --comments --force-link main --imacros nosuch.h m.o -o m 2>err
[ ! -s err ]
./m
# The answer is kept: of two such links the first asks, about the options and, since this compiler is a script, about the line.
printf '#!/bin/sh\necho asked >>asked\nexec %s "$@"\n' "$(command -v gcc)" >gcc
chmod +x gcc
export WCC_CC=$PWD/gcc XDG_CACHE_HOME=$PWD/cache
for output in one two; do
    "$WCC" -fmax-errors=3 -nostdlib -r m.o -o $output 2>err
    [ ! -s err ]
done
grep -c asked asked | grep -x 2
