cat >a.c <<'X'
#include <omp.h>
#include <stdio.h>
int main(void) {
    int n = 0;
#pragma omp parallel for reduction(+ : n)
    for (int i = 0; i < 10; i++) n += i;
    printf("%d\n", n);
}
X
"$WCC" -fopenmp a.c -o omp
[ "$(./omp)" = 45 ]
echo 'int main(void) { return 0; }' >c.c
"$WCC" --coverage c.c -o cov
./cov
ls | grep -q gcda
"$WCC" -pthread c.c -o thr
./thr
