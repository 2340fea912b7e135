{
    i=0
    while [ $i -lt 3000 ]; do echo "int f$i(void) { return $i; }"; i=$((i + 1)); done
    echo 'int main(void) { return 0; }'
} >a.c
$CC -O0 -g -c a.c
"$WCC" a.o -o prog
cp prog before
i=0
while [ $i -lt 30 ]; do
    "$WCC" a.o -o prog &
    pid=$!
    sleep 0.00$i
    kill -TERM $pid 2>/dev/null || true
    wait $pid 2>/dev/null || true
    cmp prog before
    i=$((i + 1))
done
[ "$(ls | sort | tr '\n' ' ')" = "a.c a.o before prog " ]
