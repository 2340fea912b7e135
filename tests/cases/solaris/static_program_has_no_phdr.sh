#@ needs: clang
# The illumos kernel kills a program with PT_PHDR and no PT_INTERP.
cat > m.c <<'X'
extern char _DYNAMIC[] __attribute__((weak));
int dynamic(void) { return _DYNAMIC != 0; }
void _start(void) { dynamic(); }
X
clang-19 --target=x86_64-pc-solaris2.11 -O1 -fPIE -c m.c
$LD -m elf_x86_64_sol2 -static m.o -o prog
readelf -lW prog > headers; must_fail grep -E 'PHDR|INTERP' headers
readelf -sW prog > symbols; must_fail grep -E ' [0-9]+ _DYNAMIC' symbols
# The heap gets the protection of the last segment.
readelf -lW prog | grep LOAD | tail -1 | grep -q ' RW '
$LD -m elf_x86_64_sol2 -pie --no-dynamic-linker m.o -o pie
readelf -lW pie > headers; must_fail grep -E 'PHDR|INTERP' headers
