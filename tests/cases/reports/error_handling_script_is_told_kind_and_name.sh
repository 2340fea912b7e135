echo 'int nowhere(void); int main(void) { return nowhere(); }' >a.c
$CC -c a.c
printf '#!/bin/sh\necho "told $1 $2"\n' >help.sh
chmod +x help.sh
must_fail $CC -B"$AS_LD" a.o -Wl,--error-handling-script=./help.sh -o out >said 2>&1
grep -q '^told undefined-symbol nowhere$' said
must_fail $CC -B"$AS_LD" a.o -lnosuchlib -Wl,--error-handling-script=./help.sh -o out >said 2>&1
grep -q '^told missing-lib nosuchlib$' said
