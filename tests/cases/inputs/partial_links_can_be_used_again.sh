cat >a.c <<'X'
#include <stdio.h>
int b(void);
int main(void) { printf("%d\n", b()); }
X
echo 'static int x = 5; int b(void) { return x; }' >b.c
$CC -c a.c b.c
ld -r a.o b.o -o ab.o
$CC -B"$AS_LD" ab.o -o main
[ "$(./main)" = 5 ]
"$LINKDIFF" --check main
