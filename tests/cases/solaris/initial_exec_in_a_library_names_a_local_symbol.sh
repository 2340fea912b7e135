# illumos, rtld's amd64_elf.c: a TPOFF64 relocation without symbol stores the load address. With a local symbol it
# stores the offset of the module's block, plus the addend.
cat > l.c <<'X'
static __thread long pad = 1;
__attribute__((visibility("hidden"), tls_model("initial-exec"))) __thread long mine = 2;
long get(void) { return mine; } long *where(void) { return &pad; }
X
$CC -O1 -fPIC -c l.c
for how in "-m elf_x86_64_sol2 -shared" "-G -z nodefs"; do
    $LD $how l.o -o libl.so
    readelf -W --dyn-syms libl.so > symbols
    grep -q '^ *1: 0* *0 TLS  *LOCAL  DEFAULT  *[0-9]' symbols
    readelf -SW libl.so | grep -q ' \.dynsym .* 2  *8$'
    readelf -rW libl.so | grep -q '0001[0-9a-f]*12 R_X86_64_TPOFF64 '
    "$LD" --verify-load=illumos libl.so
done
# On Linux no such symbol is needed.
$LD -shared l.o -o libl.so; readelf -rW libl.so | grep -q '0000[0-9a-f]*12 R_X86_64_TPOFF64 '
must_fail "$LD" --verify-load=illumos libl.so > said; grep -q 'R18.*has no symbol' said
