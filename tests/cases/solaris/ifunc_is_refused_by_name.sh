# ld.so.1 knows no STT_GNU_IFUNC: it would take the resolver for the function.
cat > m.c <<'X'
static int one(void) { return 1; }
static void *pick(void) { return one; }
int chosen(void) __attribute__((ifunc("pick")));
int _start(void) { return chosen(); }
X
$CC -c m.c
for kind in -static -shared; do
    $LD -m elf_x86_64_sol2 $kind m.o -o prog 2> errors && exit 1
    grep -q 'm.o: chosen is an IFUNC, which illumos' errors
done
