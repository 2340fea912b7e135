#@ needs: clang
# What libld writes: OSABI 6, both run paths, local functions before .dynsym, tables sorted by address, no DT_VERSYM.
cat > l.c <<'X'
__thread int tls = 3; int data = 4; static int local(int x) { return x * 2; }
__attribute__((visibility("hidden"))) int hidden(void) { return 1; }
int (*volatile keep)(int) = local;
int first(void) { return hidden() + keep(data); } int second(void) { return tls; }
X
clang-19 --target=x86_64-pc-solaris2.11 -O1 -fPIC -c l.c
$LD -G -z nodefs -h libl.so.1 -R /opt/a -R /opt/b -Y P,/lib/amd64 -Qy l.o -o libl.so
readelf -hW libl.so > header; grep -q 'OS/ABI: *UNIX - Solaris' header; grep -q 'ABI Version: *1$' header
readelf -dW libl.so > dynamic
grep -q 'RUNPATH.*\[/opt/a:/opt/b\]' dynamic; grep -q 'RPATH.*\[/opt/a:/opt/b\]' dynamic
for tag in SUNW_SYMTAB SUNW_SYMSZ SUNW_SORTENT SUNW_SYMSORT SUNW_TLSSORT SUNW_STRPAD SUNW_LDMACH; do
    grep -q "($tag)" dynamic
done
must_fail grep -E 'VERSYM|GNU_HASH' dynamic
# .SUNW_ldynsym ends where .dynsym starts.
readelf -SW libl.so > sections
at() { awk -v n="$1" '{ sub(/^ *\[ *[0-9]+\] */, "") } $1 == n { print "0x" $3, "0x" $5 }' sections; }
read -r start size < <(at .SUNW_ldynsym); read -r dynsym _ < <(at .dynsym)
[ $((start + size)) = $((dynsym)) ]
# The sorted table: numbers of symbols over both tables, by address.
read -r _ n < <(at .SUNW_dynsymsort)
[ $((n)) -ge 20 ]
readelf -p .comment libl.so | grep -q 'Software Generation Utilities - Solaris Link Editors: 5.11-'
$LD -G -z nodefs -Qn l.o -o libq.so
readelf -p .comment libq.so > comment; must_fail grep 'Solaris Link Editors' comment
$LD -G -z nodefs -z noldynsym l.o -o libn.so
readelf -SW libn.so > sections; must_fail grep SUNW_ldynsym sections
"$LD" --verify-load=illumos libl.so libq.so libn.so
