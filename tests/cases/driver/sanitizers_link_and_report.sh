echo '#include <stdlib.h>
int main(void) { volatile char *p = malloc(4); p[4] = 1; return 0; }' >a.c
"$WCC" -fsanitize=address -g a.c -o asan 2>log || { grep -q 'libasan\|asan' log && { echo 'no address sanitizer runtime here'; exit 77; }; cat log; exit 1; }
must_fail ./asan 2>err
grep -q heap-buffer-overflow err
echo 'int main(int c, char **v) { return (2147483647 + c) == 0; }' >u.c
"$WCC" -fsanitize=undefined u.c -o ubsan
./ubsan 2>err
grep -q 'signed integer overflow' err
