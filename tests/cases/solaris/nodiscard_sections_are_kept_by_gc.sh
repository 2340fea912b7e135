#@ needs: clang
# SHF_SUNW_NODISCARD is 0x100000; what GNU calls SHF_GNU_RETAIN is SHF_SUNW_ABSENT there.
cat > m.c <<'X'
__attribute__((retain, used, section("keep"))) int kept = 1;
__attribute__((section("lose"))) int lost = 2;
void _start(void) {}
X
clang-19 --target=x86_64-pc-solaris2.11 -O1 -c m.c
$LD -m elf_x86_64_sol2 --gc-sections m.o -o prog
readelf -SW prog | grep -q ' keep '
readelf -SW prog > said; must_fail grep ' lose ' said
