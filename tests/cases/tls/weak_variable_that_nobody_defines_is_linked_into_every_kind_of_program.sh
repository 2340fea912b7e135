# Code for the local-exec model that looks at another weak symbol first: the variable is nowhere, and never used.
cat >m.c <<'A'
extern char there __attribute__((weak));
extern __thread int missing __attribute__((weak, tls_model("local-exec")));
__thread int own = 3;
int main(void) {
    if (&there)
        missing = 1;
    return own - 3;
}
A
$CC -fPIE -c m.c -o m.o
for kind in -pie -no-pie -static -static-pie; do
    "$WCC" $kind m.o -o prog
    ./prog
done
