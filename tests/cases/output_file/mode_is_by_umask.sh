echo 'int main(void) { return 0; }' >a.c
$CC -c a.c
for mask in 022 077 002 027; do
    (umask $mask; "$WCC" a.o -o prog)
    want=$(printf '%o' $((0777 & ~0$mask)))
    [ "$(stat -c %a prog)" = "$want" ]
    rm prog
done
