cat > main.c <<'X'
#include <stdio.h>
struct entry { int (*f)(void); };
extern const struct entry first_entry[], last_entry[];
static int one(void) { return 1; }
static int two(void) { return 20; }
__attribute__((section("table.b"), used)) static const struct entry b = {two};
__attribute__((section("table.a"), used)) static const struct entry a = {one};
int main(void) {
    int sum = 0;
    for (const struct entry *e = first_entry; e < last_entry; e++) sum = sum * 2 + e->f();
    printf("%d\n", sum);
}
X
cat > table.ld <<'X'
SECTIONS { .table : ALIGN(8) { first_entry = .; KEEP(*(SORT(table.*))) last_entry = .; } }
INSERT AFTER .data;
X
for mode in "-pie -fPIE" "-no-pie -fno-pie" "-static -fno-pie" "-pie -fPIE -Wl,-z,now -Wl,--gc-sections"; do
    # As an option and as an input file.
    "$WCC" -O1 $mode main.c -Wl,-T,table.ld -o prog
    [ "$(./prog)" = 22 ]
    "$WCC" -O1 $mode main.c table.ld -o prog
    [ "$(./prog)" = 22 ]
done
readelf -lW prog | grep -q GNU_RELRO
cat > lost.ld <<'X'
SECTIONS { .x : { *(x) } } INSERT BEFORE .nowhere;
X
must_fail "$WCC" main.c table.ld lost.ld -o prog2 2> log
grep -q 'INSERT BEFORE .nowhere: the script has no such output section' log
