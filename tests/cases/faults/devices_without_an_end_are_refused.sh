# Reading one to its end would take all memory of the machine first.
[ -z "${WCC_SANITIZED:-}" ] || { echo 'a sanitizer takes address space of its own'; exit 77; }
echo 'int f(void) { return 1; }' >l.c
$CC -fPIC -c l.c
echo old >out
# Should it read on in spite of all, only this shell's children suffer.
ulimit -v 4000000
for device in /dev/zero /dev/full; do
    for words in "$device" "-T $device" "--version-script=$device" "--dynamic-list=$device" "@$device" \
        "--retain-symbols-file=$device" "--symbol-ordering-file=$device" "-R $device"; do
        must_fail $LD -shared l.o $words -o out 2>err
        grep -q "$device.*no end after 64 MiB" err || { echo "$words"; cat err; exit 1; }
    done
    must_fail $LD -G -M $device l.o -o out 2>err
    grep -q "$device.*no end" err
    must_fail "$WCC" l.o @$device -o out 2>err
    grep -q "$device.*no end" err
done
[ "$(cat out)" = old ]
# What ends is read: nothing, or a pipe.
$LD -shared l.o -T /dev/null -o out 2>err || grep -q /dev/null err
cat l.o | $LD -shared /dev/stdin -o out
nm out | grep -q ' T f'
# A directory and a socket are none of them.
must_fail $LD -shared l.o . -o out 2>err
grep -q '\.: is a directory' err
