echo 'int main(void) { return 4; }' >a.c
$CC -c a.c
echo other >kept
ln kept prog
"$WCC" a.o -o prog
[ "$(cat kept)" = other ]
