echo 'int x;' >x.c
$CC -c x.c
echo 'int main(void) { return 0; }' >main.c
$CC -c main.c
i=0
while [ $i -lt 3000 ]; do echo "d/x$i.o"; i=$((i + 1)); done >names
mkdir d
# Weak copies of one object, under other names.
objcopy --weaken x.o w.o
xargs -n 500 sh -c 'for f in "$@"; do ln w.o "$f"; done' sh <names
(ulimit -n 64; "$WCC" main.o @names -o prog)
./prog
