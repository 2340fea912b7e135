echo 'int f(void) { return 1; }' >a.c
echo 'int g(void) { return 2; }' >b.c
gcc -fcf-protection=full -c a.c
gcc -fcf-protection=branch -c b.c
"$LD" -r a.o b.o -o ab.o
readelf -nW ab.o >log
grep -q 'x86 feature: IBT$' log
must_fail grep -q 'Build ID' log
gcc -fcf-protection=none -c b.c
"$LD" -r a.o b.o -o ab.o
must_fail grep -q 'x86 feature' <(readelf -nW ab.o)
readelf -SW ab.o >log
grep 'GNU-stack' log | grep -vq ' X '
"$LD" -r --build-id=sha1 a.o b.o -o ab.o
readelf -nW ab.o | grep 'Build ID: [0-9a-f]\{40\}$' >/dev/null
"$LD" -r --build-id=sha1 --threads=4 a.o b.o -o again.o
cmp ab.o again.o
# Objects are not executable files.
[ ! -x ab.o ]
