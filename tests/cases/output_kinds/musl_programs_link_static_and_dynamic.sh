#@ needs: musl-gcc
cat >a.c <<'X'
#include <stdio.h>
#include <string.h>
__thread int t = 4;
int main(void) { printf("musl %d %zu\n", t, strlen("abc")); return 0; }
X
for mode in '-static' '-static-pie -fPIE' '-no-pie'; do
    musl-gcc -B"$AS_LD" -O1 $mode a.c -o a
    "$LINKDIFF" --check a
    case $mode in
    -static*) [ "$(./a)" = "musl 4 3" ] ;;
    *) ! [ -e /lib/ld-musl-x86_64.so.1 ] || [ "$(./a)" = "musl 4 3" ] ;;
    esac
done
