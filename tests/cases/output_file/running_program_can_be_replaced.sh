echo '#include <unistd.h>
int main(void) { pause(); return 0; }' >wait.c
echo 'int main(void) { return 0; }' >new.c
$CC -c wait.c new.c
$CC -B"$AS_LD" wait.o -o prog
./prog &
pid=$!
$CC -B"$AS_LD" new.o -o prog
./prog
kill $pid
