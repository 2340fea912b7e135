{
    i=0
    echo 'int main(void) { return 0'
    while [ $i -lt 50 ]; do echo "+ missing_$i()"; i=$((i + 1)); done
    echo '; }'
} >a.c
$CC -w -std=gnu89 -c a.c
must_fail $CC -B"$AS_LD" a.o -o a -Wl,--error-limit=5 2>few
must_fail $CC -B"$AS_LD" a.o -o a -Wl,--error-limit=0 2>all
[ "$(grep -c 'missing_' all)" -ge 50 ]
[ "$(grep -c 'undefined' few)" -le 7 ]
must_fail [ -e a ]
