#@ needs: clang
# The link lines of OmniOS' gcc (Sun flags, also with -fuse-ld), of clang 19, of rustc for illumos, and of libtool.
mkdir lib
cat > crt.c <<'X'
extern int main(int, char **); extern void exit(int); extern int _DYNAMIC __attribute__((weak));
void _start(void) { exit(main(0, 0) + (&_DYNAMIC == 0)); } void _init(void) {} void _fini(void) {}
X
echo 'void exit(int x) { for (;;); } int write(void) { return 0; } int errno; void *__tls_get_addr(void *p) { return p; }' > libc.c
echo 'extern int errno; extern int write(void); __thread int t = 1; int main(int c, char **v) { return write() + errno + t; }' > main.c
CL="clang-19 --target=x86_64-pc-solaris2.11 -O1"
$CL -w -fPIC -c crt.c libc.c main.c; mv crt.o lib/crt1.o
$LD -m elf_x86_64_sol2 -shared -h libc.so.1 libc.o -o lib/libc.so
for l in gcc_s ssp socket pthread m; do
    echo "int only_$l;" > $l.c; $CL -fPIC -c $l.c
    $LD -m elf_x86_64_sol2 -shared -h lib$l.so.1 $l.o -o lib/lib$l.so
done
ar rcs lib/libgcc.a libc.o
check() { "$LD" --verify-load=illumos "$1"; }
# OmniOS gcc.
printf '$mapfile_version 2\nSTACK { FLAGS = READ WRITE; };\n' > map.noexstk
$LD -V -Y P,$PWD/lib -R /usr/gcc/14/lib/amd64 -Qy -M map.noexstk -o prog lib/crt1.o -L$PWD/lib main.o -z ignore -lgcc_s -z record -lc -lgcc 2> /dev/null
check prog; readelf -dW prog > dynamic; must_fail grep gcc_s dynamic; grep -q 'NEEDED.*libc.so.1' dynamic
$LD -V -G -dy -z text -h libx.so.1 -Y P,$PWD/lib -Qy -o libx.so main.o -z ignore -lgcc_s -z record -lc 2> /dev/null
check libx.so
# clang 19.
$LD -C -e _start -z type=pie -o prog lib/crt1.o -L$PWD/lib main.o -z ignore -lgcc_s -z record -lc -lgcc
check prog; readelf -hW prog | grep -q 'Type: *DYN'
$LD -C -e _start -Bstatic -dn -o prog lib/crt1.o main.o libc.o; check prog
# rustc: no emulation from gcc, one from a GNU-style driver.
for how in "-Y P,$PWD/lib -Qy" "-m elf_x86_64_sol2 --eh-frame-hdr"; do
    $LD $how -o prog lib/crt1.o main.o -z ignore -L $PWD/lib -Bdynamic -lsocket -lpthread -lgcc_s -lc -lssp -lc
    check prog
done
# libtool, both tests of the linker.
$LD -G -z defs -M map.noexstk -h libx.so.1 -o libx.so main.o -L$PWD/lib -lc; check libx.so
# A cgo export map.
printf '{\n\tglobal:\n\t\tmain;\n\tlocal:\n\t\t*;\n};\n' > cgo.map
$LD -G -M cgo.map -o libx.so main.o -L$PWD/lib -lc; readelf -W --dyn-syms libx.so > symbols; grep -q ' main' symbols; must_fail grep ' t$' symbols
