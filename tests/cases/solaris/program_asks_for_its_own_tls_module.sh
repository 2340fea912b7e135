# A program's module number is 0 to ld.so.1, not the 1 that glibc gives: it comes by a relocation.
cat > m.c <<'X'
__thread int v = 7; static __thread int w;
extern void *__tls_get_addr(void *); extern int other;
int *at(void) { return &v; } int *at2(void) { return &w; }
int _start(void) { return *at() + *at2() + other; }
X
cat > l.c <<'X'
int other; void *__tls_get_addr(void *p) { return p; }
X
$CC -fPIC -O1 -c m.c l.c
$LD -m elf_x86_64_sol2 -shared l.o -o libl.so
$LD -m elf_x86_64_sol2 -pie --no-relax m.o libl.so -o prog
[ "$(readelf -rW prog | grep -c R_X86_64_DTPMOD64)" -ge 1 ]
$LD -m elf_x86_64_sol2 -pie m.o libl.so -o prog
readelf -rW prog > said; must_fail grep R_X86_64_DTPMOD64 said
