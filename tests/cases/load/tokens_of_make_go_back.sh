# A link under make's jobserver runs on the tokens it finds, and gives back just those: after success, failure and signals.
mkfifo tokens
exec 9<>tokens
printf 'abc' >&9
export MAKEFLAGS=" -j4 --jobserver-auth=fifo:$PWD/tokens"
held() { dd if=tokens iflag=nonblock bs=1 count=9 2>/dev/null | tee held | fold -w1 | sort | tr -d '\n'; printf '%s' "$(cat held)" >&9; }
cat >big.s <<'EOF2'
        .data
        .globl big
big:    .fill 6000000, 1, 7
        .section .note.GNU-stack,"",@progbits
EOF2
printf 'extern char big[]; int main(void) { return big[5999999] - 7; }\n' >main.c
printf 'int nowhere(void); int main(void) { return nowhere(); }\n' >bad.c
$CC -c big.s main.c bad.c
[ "$(held)" = abc ]
"$WCC" main.o big.o -o prog
./prog
[ "$(held)" = abc ]
must_fail "$WCC" bad.o big.o -o bad 2>err
grep -q nowhere err
[ "$(held)" = abc ]
for delay in 0.002 0.005 0.01 0.02 0.03 0.05 0.08 0.13; do
    timeout -s TERM $delay "$WCC" main.o big.o -o prog || true
    timeout -s INT $delay "$LD" -shared big.o -o lib.so || true
done
[ "$(held)" = abc ]
# make's own pipe, closed for us: the link goes on without it.
MAKEFLAGS=' -j4 --jobserver-auth=98,99' "$WCC" main.o big.o -o prog
./prog
