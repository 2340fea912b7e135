cat >1.c <<'E'
int x; int y = 1; int z; int f; char al; int same;
int main() { return x; }
E
echo 'int x[4]; int y[3]; int z[4] = {1}; int f(void) { return 1; } double al; int same;' >2.c
$CC -w -c -fcommon 1.c 2.c
has() { grep -qF "$1" said || { cat said; echo "missing: $1"; exit 1; }; }
$CC -B"$AS_LD" 1.o 2.o -o out 2>said
has "size of symbol \`z' changed from 4 in 1.o to 16 in 2.o"
has "type of symbol \`f' changed from 1 to 2 in 2.o"
has "alignment 1 of symbol \`f' in 2.o is smaller than 4 in 1.o"
must_fail grep -q "size of symbol \`y'" said
must_fail grep -q "common of" said
$CC -B"$AS_LD" 2.o 1.o -Wl,--warn-common -o out 2>said
has "size of symbol \`y' changed from 12 in 2.o to 4 in 1.o"
has "1.o: common of \`x' overridden by larger common from 2.o"
has "1.o: definition of \`y' overriding common from 2.o"
has "1.o: common of \`z' overridden by definition from 2.o"
has "1.o and 2.o: multiple common of \`same'"
$CC -B"$AS_LD" 1.o 2.o -Wl,--warn-common -o out 2>said
has "2.o: common of \`x' overriding smaller common from 1.o"
