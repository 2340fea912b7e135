printf 'int main(void) { return 7; }\n' >a.c
$CC -c a.c
"$WCC" a.o -o good
i=0
while [ $i -lt 20 ]; do
    "$WCC" a.o -o prog &
    i=$((i + 1))
done
wait
cmp good prog
[ "$(ls | sort | tr '\n' ' ')" = "a.c a.o good prog " ]
