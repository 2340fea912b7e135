# SIGXFSZ would kill; the write's EFBIG is an error like a full disk.
printf 'char big[5000000] = {1}; int main(void) { return big[0]; }\n' >a.c
$CC -c a.c
echo old >prog
status=0
(ulimit -f 1024; "$WCC" a.o -o prog 2>err) || status=$?
[ "$status" = 1 ]
grep -q 'prog: File too large' err
[ "$(cat prog)" = old ]
[ "$(ls | sort | tr '\n' ' ')" = "a.c a.o err prog " ]
