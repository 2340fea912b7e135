#@ needs: clang
# illumos: elf.c of the kernel (PHDR and INTERP first), rtld (DT_HASH, adjacent tables, DT_PLTGOT, zeroed words).
cat > m.c <<'X'
extern void exit(int); extern int libvar; extern int libfn(int); extern void filter(void);
__thread int seven = 7; int *pointer = &libvar; void *function = (void *)filter;
int main(void) { filter(); return seven + libfn(2); }
void _start(void) { exit(main()); }
X
cat > l.c <<'X'
int libvar = 5; static int here = 1; int *volatile p = &here; __thread int t = 3;
int libfn(int x) { return x + t + *p; } void exit(int x) {}
void *__tls_get_addr(void *p) { return p; }
asm(".globl filter\n.set filter, 0\n.type filter, @function");
X
CL="clang-19 --target=x86_64-pc-solaris2.11 -O1 -c"
$CL m.c; $CL -fPIC l.c
$LD -m elf_x86_64_sol2 -shared -h libl.so.1 l.o -o libl.so
for kind in "" "-pie"; do
    $LD -m elf_x86_64_sol2 $kind m.o libl.so -o prog
    headers=$(readelf -lW prog | awk '/^  [A-Z]/ { print $1 }' | sed 1d | tr '\n' ' ')
    case $headers in "PHDR INTERP LOAD LOAD "*) ;; *) echo "headers are $headers"; exit 1 ;; esac
    readelf -lW prog | grep -q '/lib/amd64/ld.so.1'
    readelf -lW prog > headers; must_fail grep GNU_RELRO headers
    readelf -lW prog | grep LOAD | tail -1 | grep -q ' RW '
    readelf -SW prog | grep ' \.dynamic ' | grep -q ' WA '
    readelf -dW prog > dynamic
    grep -q '(HASH)' dynamic; grep -q '(PLTGOT)' dynamic; must_fail grep -q GNU_HASH dynamic
    # The tables are adjacent, and .rela.plt holds jump slots only.
    number() { awk -v t="($1)" '$2 == t { print $3 }' dynamic; }
    [ $(($(number RELA) + $(number RELASZ))) = $(($(number JMPREL))) ]
    readelf -rW prog | awk "/.rela.plt/ { on = 1 } on && /R_X86/ && !/JUMP_SLO/ { exit 1 }"
    for name in _DYNAMIC _GLOBAL_OFFSET_TABLE_ _PROCEDURE_LINKAGE_TABLE_ _edata _end _etext; do
        readelf -W --dyn-syms prog | grep -q "OBJECT  GLOBAL DEFAULT.* $name\$"
        readelf -W --dyn-syms libl.so | grep -q "OBJECT  GLOBAL DEFAULT.* $name\$"
    done
    readelf -sW prog | grep -q 'OBJECT  LOCAL .* _START_'; readelf -sW prog | grep -q 'OBJECT  LOCAL .* _END_'
    # The filter stays a reference: nothing of it is bound to 0.
    readelf -W --dyn-syms prog | grep -q 'FUNC    GLOBAL DEFAULT  UND filter'
    readelf -h prog | grep -q 'OS/ABI: *UNIX - System V'
done
# What ld.so.1 adds to is 0 in the file.
readelf -rW libl.so | grep -q R_X86_64_RELATIVE
readelf -x .data libl.so | grep -q '00000000 00000000'
