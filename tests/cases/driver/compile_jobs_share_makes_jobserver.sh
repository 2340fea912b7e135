#@ needs: make
# Six sources in one command: with -j3 at most three compilers run at a time, with -j1 one.
i=0
while [ $i -lt 6 ]; do
    echo "int f$i(void) { return $i; }" >f$i.c
    i=$((i + 1))
done
echo 'int main(void) { return 0; }' >m.c
mkdir running
cat >slow <<'X2'
#!/usr/bin/env bash
me=$(mktemp running/XXXXXX)
ls running | wc -l >>counts
sleep 0.2
"$@"
status=$?
rm "$me"
exit $status
X2
chmod +x slow
printf 'prog:\n\t+WCC_LAUNCHER=./slow %s m.c f*.c -o prog\n' "$WCC" >Makefile
most() { sort -n counts | tail -n 1; }
for jobs in 1 3; do
    rm -f counts prog
    make -s -j$jobs
    ./prog
    [ "$(wc -l <counts)" = 7 ]
    [ "$(most)" -le $jobs ] || { echo "-j$jobs: $(most) at a time"; exit 1; }
done
# Without a +, make gives no tokens away.
sed -i 's/+WCC/WCC/' Makefile
rm -f counts prog
make -s -j3 2>err
[ "$(most)" = 1 ]
