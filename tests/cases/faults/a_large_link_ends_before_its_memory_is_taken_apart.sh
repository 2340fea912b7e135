# 20 MB of input: the memory is given back by a child that shares it, and nobody waits for that child.
cat >a.c <<'X'
extern const char big[];
int main(void) { return big[20000000 - 1] - 7; }
X
printf '.globl big\n.section .rodata\nbig: .fill 20000000, 1, 7\n' >big.s
$CC -c a.c big.s
links() { # links OPTION...: the status is the link's, the pipe closes, the output is whole
    [ "$("$LD" -dynamic-linker /nothing big.o a.o -e main -o prog "$@" 2>&1 && echo done)" = done ]
    "$WCC" a.o big.o -o prog "${@/#/-Wl,}" | cat
    [ "${PIPESTATUS[0]}" = 0 ]
    ./prog
}
links
links --no-fork
links --threads=1
# An error is still one.
echo 'int missing(void); int f(void) { return missing(); }' >bad.c
$CC -c bad.c
status=0
"$WCC" a.o big.o bad.o -o prog 2>err || status=$?
[ "$status" = 1 ]
./prog
# The child ends with its parent.
"$LD" "$PWD/big.o" a.o -e main -o "$PWD/leftover"
for _ in $(seq 100); do
    pgrep -f "$PWD/leftover" >/dev/null || exit 0
    sleep 0.1
done
echo "a process stays"
exit 1
