cat >a.c <<'E'
int shared_name(void), only_here(void);
int only_here(void) { return shared_name(); }
int main(void) { return only_here() - 3; }
E
echo 'int shared_name(void) { return 3; } int b(void) { return shared_name(); }' >b.c
$CC -c a.c b.c
$CC -B"$AS_LD" a.o b.o -Wl,--cref -o out >table
./out
grep -q '^Cross Reference Table$' table
grep -q '^Symbol  *File$' table
# The definer stands beside the name, its users below.
grep -A1 '^shared_name  *b\.o$' table | grep -q '^  *a\.o$'
grep -q '^only_here  *a\.o$' table
# With a map it stands at its end.
$CC -B"$AS_LD" a.o b.o -Wl,--cref,-Map=map -o out >nothing
[ ! -s nothing ]
grep -q '^shared_name  *b\.o$' map
