echo 'int main(void) { return 0; }' >a.c
$CC -c a.c
i=0
while [ $i -lt 20 ]; do
    "$WCC" a.o -o p$i &
    "$WCC" a.o -o same &
    i=$((i + 1))
done
wait
i=0
while [ $i -lt 20 ]; do cmp p0 p$i; i=$((i + 1)); done
cmp p0 same
./same
