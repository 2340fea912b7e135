echo 'extern int f(void); void _start(void) { f(); } int __tls_get_addr;' > m.c
echo 'int f(void) { return 1; } void g(void) {}' > l.c
$CC -fPIC -ffunction-sections -c m.c l.c
mkdir dir; $LD -G l.o -o dir/libl.so -h libl.so.1
# -V prints the version on standard error and goes on.
$LD -V --wcc-ld-dialect=solaris m.o -Ldir -ll -o prog 2> said
grep -q '^ld: Software Generation Utilities - Solaris Link Editors: 5.11-[0-9]\.[0-9]' said
# The first of several counts.
$LD -Qy -o one -o two m.o -Ldir -ll 2> said
[ -f one ] && [ ! -f two ]; grep -q 'option -o appears more than once, first setting taken' said
# Letters together, values glued or not, the environment first.
LD_OPTIONS="-R /from/env -z now" $LD -Qy -sz defs -odone m.o -L dir -ll -e_start -I /my/ld.so.1
readelf -dlW done > facts
grep -q 'RUNPATH.*/from/env' facts; grep -q BIND_NOW facts; grep -q '/my/ld.so.1' facts
must_fail grep SYMTAB <(readelf -SW done | grep ' \.symtab')
# Unknown keywords are errors, as GNU's are there; unknown letters too.
must_fail $LD -Qy -z relro m.o -Ldir -ll 2> errors; grep -q "'relro' is no keyword of the Solaris" errors
must_fail $LD -Qy -q m.o 2> errors; grep -q "unrecognized option '-q'" errors
must_fail $LD -Qy -B nowhere m.o 2> errors; grep -q "'nowhere' is not one of" errors
# Undefined symbols: errors in programs unless -z nodefs, accepted in libraries unless -z defs.
must_fail $LD -Qy m.o -o no 2> errors; grep -q 'undefined symbol: f' errors
$LD -Qy -z nodefs m.o -Ldir -ll -o yes
$LD -G m.o -o libm.so; must_fail $LD -G -z defs m.o -o libm.so 2> errors
# -Y replaces the default directories; -N adds a name; -c and -z aslr have tags.
$LD -Y P,dir -N extra.so.1 -c /etc/config -z aslr m.o -ll -o prog
readelf -dW prog > dynamic
grep -q 'NEEDED.*extra.so.1' dynamic; grep -q 60000023 dynamic; grep -q 'CONFIG\|6ffffefa' dynamic
# -z ignore drops libraries and sections that nothing uses; -z record keeps what follows.
$LD -G -h libu.so.1 l.o -o dir/libu.so
$LD -Qy m.o -Ldir -ll -z ignore -lu -o prog; readelf -dW prog > dynamic; must_fail grep libu dynamic
$LD -Qy m.o -z ignore l.o -o prog; readelf -sW prog > symbols; must_fail grep ' g$' symbols; grep -q ' f$' symbols
$LD -Qy m.o -z record l.o -o prog; readelf -W --dyn-syms prog > symbols; grep -q ' g$' symbols
# A program is dynamic unless -dn says otherwise.
$LD -Qy m.o l.o -o prog; readelf -lW prog | grep -q INTERP
# A static program.
$LD -dn m.o l.o -o prog; readelf -lW prog > headers; must_fail grep -E 'INTERP|PHDR|DYNAMIC' headers
"$LD" --verify-load=illumos prog
# Archives that need each other, in each spelling of a group; sorting of relocations is the default and may be left out.
echo 'int b(void); int f(void) { return b(); }' > a1.c; echo 'int c(void); int b(void) { return c(); }' > b1.c
echo 'int c(void) { return 1; }' > c1.c
$CC -c a1.c b1.c c1.c; ar rcs liba1.a a1.o c1.o; ar rcs libb1.a b1.o
for group in '-( @ -)' '-z rescan-start @ -z rescan-end' '--start-group @ --end-group'; do
    $LD -dn m.o ${group/@/liba1.a libb1.a} -z nocombreloc -z combreloc -z target=x86 -o prog
done
must_fail $LD -dn m.o l.o -z target=sparc -o prog 2> said; grep -q 'outputs for sparc are not supported' said
must_fail $LD -dn m.o l.o '-)' -o prog 2> said; grep -q 'group ended before it began' said
