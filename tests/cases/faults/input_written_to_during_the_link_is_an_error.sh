# What was read of it would be of no one state. A file that is replaced under its name keeps the bytes that were opened.
printf 'static char data[100000] = {1}; char *get(void) { return data; } int main(void) { return 0; }\n' >big.c
$CC -c big.c
echo 'int other;' >other.c
$CC -c other.c
mkfifo pipe
echo old >prog
for option in -shared -r; do
    cp big.o in.o
    "$LD" $option in.o pipe -o prog 2>err &
    pid=$!
    exec 3>pipe
    echo more >>in.o
    cat other.o >&3
    exec 3>&-
    status=0
    wait $pid || status=$?
    [ "$status" = 1 ]
    grep -q 'in.o: was written to while it was being linked' err
    [ "$(cat prog)" = old ]
done
cp big.o in.o
"$LD" -shared in.o pipe -o prog &
pid=$!
exec 3>pipe
cp other.o new.o
mv new.o in.o
cat other.o >&3
exec 3>&-
wait $pid
nm prog | grep -q ' T get'
