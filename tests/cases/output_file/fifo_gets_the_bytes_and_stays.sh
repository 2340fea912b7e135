echo 'int main(void) { return 3; }' >a.c
$CC -c a.c
"$WCC" a.o -o plain
mkfifo pipe
cat pipe >got &
cat_pid=$!
timeout 20 "$WCC" a.o -o pipe
wait $cat_pid
[ -p pipe ]
cmp got plain
