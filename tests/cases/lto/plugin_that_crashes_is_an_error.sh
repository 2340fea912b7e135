# A compiler's plugin runs in this process: its crash is said with the file it worked on, and the old output stays.
gcc -O1 -flto -c -x c - -o ir.o <<'X' || { echo 'needs gcc -flto'; exit 77; }
int f(void) { return 1; }
X
# The interface's few parts, by their numbers.
cat >plugin.c <<'X'
#include <signal.h>
#include <stdlib.h>
#include <string.h>
struct tv { int tag; union { const char *text; int (*take)(void *); } u; };
enum { OPTION = 4, CLAIM_FILE = 5, ALL_SYMBOLS_READ = 6 };
static int in_claim;
static int claim(const void *file, int *claimed) {
    (void)file;
    if (in_claim) raise(SIGSEGV);
    *claimed = 1;
    return 0;
}
static int all_read(void) { abort(); }
int onload(struct tv *tv) {
    for (; tv->tag; tv++) {
        if (tv->tag == OPTION) in_claim = !strcmp(tv->u.text, "claim");
        if (tv->tag == CLAIM_FILE) tv->u.take((void *)claim);
        if (tv->tag == ALL_SYMBOLS_READ) tv->u.take((void *)all_read);
    }
    return 0;
}
X
$CC -shared -fPIC plugin.c -o plugin.so
echo old >out
for where in claim end; do
    mkdir -p tmp
    status=0
    TMPDIR=$PWD/tmp $LD -shared -plugin ./plugin.so -plugin-opt=$where ir.o -o out 2>err || status=$?
    [ "$status" = 1 ]
    grep -q "error: .*: the compiler's LTO plugin crashed on it" err || { cat err; exit 1; }
    [ "$(cat out)" = old ]
    [ -z "$(ls tmp)" ]
done
$LD -shared -plugin ./plugin.so -plugin-opt=claim ir.o -o out 2>err || grep -q 'error: ir.o: the compiler' err
