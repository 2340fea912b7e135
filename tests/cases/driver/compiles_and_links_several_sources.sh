mkdir src
cat >src/main.c <<'X'
#include <stdio.h>
int f(int);
int main(void) { printf("%d\n", f(1)); return 0; }
X
echo 'int f(int x) { return x + 1; }' >f.c
"$WCC" src/main.c f.c -O2 -lm -o prog
[ "$(./prog)" = 2 ]
[ "$(ls | sort | tr '\n' ' ')" = "f.c prog src " ]
