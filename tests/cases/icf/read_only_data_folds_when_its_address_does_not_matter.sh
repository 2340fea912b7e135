cat >a.c <<'X'
#include <stdio.h>
const int table1[] = {1, 2, 3, 4, 5};
const int table2[] = {1, 2, 3, 4, 5};
const int *volatile p = table1, *volatile q = table2;
int main(void) { printf("%d %d\n", p == q, p[2] == q[2]); }
X
$CC -O1 -fdata-sections -ffunction-sections -c a.c
$WCC -no-pie a.o -o out -Wl,--icf=all
[ "$(./out)" = "0 1" ]
$WCC -no-pie a.o -o out -Wl,--icf=all,--ignore-data-address-equality
[ "$(./out)" = "1 1" ]
