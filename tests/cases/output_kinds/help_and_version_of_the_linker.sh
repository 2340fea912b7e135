"$LD" --help >help
grep -q -- '--gc-sections' help
"$LD" --version | grep -q 'GNU ld\|compatible'
"$LD" -v >version
must_fail "$LD" --no-such-option a.o 2>err
grep -q 'no-such-option' err
