echo '#include "h.h"
int main(void) { return X; }' >a.c
echo '#define X 0' >h.h
"$WCC" -MD -MF a.d a.c -o prog
grep -q h.h a.d
"$WCC" -MMD -c a.c
grep -q h.h a.d
