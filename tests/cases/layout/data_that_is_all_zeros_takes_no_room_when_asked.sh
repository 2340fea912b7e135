# --zero-to-bss of mold: named and plain data without a byte that is not zero; constants and what has relocations stay.
cat >m.c <<'A'
__attribute__((section(".zeros"))) char zeros[100000];
__attribute__((section(".data.big"))) char big[100000];
__attribute__((section(".fixed"))) const char fixed[100] = {0};
__attribute__((section(".mixed"))) char none[100];
__attribute__((section(".mixed"))) char some[100] = {1};
__attribute__((section(".pointer"))) char *pointer = zeros;
int main(void) {
    for (int i = 0; i < 100000; i++)
        if (zeros[i] || big[i])
            return 1;
    zeros[99999] = big[5] = 7;
    return pointer != zeros || zeros[99999] + big[5] != 14 || fixed[3] || none[4] || some[0] != 1;
}
A
$CC -O1 -c m.c
"$WCC" m.o -o plain
"$WCC" m.o -o small -Wl,--zero-to-bss
./plain
./small
readelf -SW small >sections
grep -q ' \.zeros  *NOBITS' sections
grep -q ' \.fixed  *PROGBITS' sections
grep -q ' \.mixed  *PROGBITS' sections
grep -q ' \.pointer  *PROGBITS' sections
[ $(($(stat -c %s plain) - $(stat -c %s small))) -gt 190000 ]
