mkdir tmp
export TMPDIR="$PWD/tmp"
echo 'int main(void) { return 0; }' >good.c
echo 'int main(void) { return }' >bad.c
echo 'int missing(void); int main(void) { return missing(); }' >undef.c
"$WCC" good.c -o prog
[ -z "$(ls -A tmp)" ]
must_fail "$WCC" good.c bad.c -o prog2 2>err
[ -z "$(ls -A tmp)" ]
must_fail "$WCC" undef.c -o prog2 2>err
[ -z "$(ls -A tmp)" ]
i=0
while [ $i -lt 10 ]; do
    "$WCC" good.c -O2 -o prog3 2>err &
    pid=$!
    sleep 0.0$i
    kill -INT $pid 2>/dev/null || kill -TERM $pid 2>/dev/null || true
    wait $pid || true
    i=$((i + 1))
done
sleep 0.3
[ -z "$(ls -A tmp)" ]
