# The linker waits for the pipe while the object that it has mapped loses its end: no SIGBUS, but an error with a name.
printf 'static char data[100000] = {1}; char *get(void) { return data; } int main(void) { return 0; }\n' >big.c
$CC -c big.c
echo 'int other;' >other.c
$CC -c other.c
mkfifo pipe
echo old >prog
"$LD" -shared big.o pipe -o prog 2>err &
pid=$!
exec 3>pipe
truncate -s 20000 big.o
cat other.o >&3
exec 3>&-
status=0
wait $pid || status=$?
[ "$status" = 1 ]
grep -q 'big.o: was cut short' err
[ "$(cat prog)" = old ]
[ "$(ls | sort | tr '\n' ' ')" = "big.c big.o err other.c other.o pipe prog " ]
