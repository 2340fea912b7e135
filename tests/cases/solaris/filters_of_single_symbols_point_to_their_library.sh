cat > map <<'X'
$mapfile_version 2
SYMBOL_VERSION SUNW_1.1 {
    global:
        dlopen { TYPE = FUNCTION; FILTER = /usr/lib/amd64/ld.so.1; };
        fast { AUXILIARY = libfast.so.1; };
        table { TYPE = DATA; SIZE = addrsize[4]; };
    local: *;
};
X
echo 'int fast(void) { return 1; }' > l.c
$CC -fPIC -c l.c
$LD -G -M map -h libc.so.1 l.o -o libc.so
readelf -dW libc.so > dynamic
grep -q '(SUNW_FILTER)\|(FILTER)\|6000000f' dynamic; grep -q '(SUNW_AUXILIARY)\|(AUXILIARY)\|6000000d' dynamic
readelf -W --dyn-syms libc.so > symbols
grep -q '0000000000000000 .* FUNC    GLOBAL DEFAULT  ABS dlopen' symbols
grep -q ' 32 OBJECT  GLOBAL DEFAULT .* table' symbols
readelf -SW libc.so | grep -q SUNW_syminfo
"$LD" --verify-load=illumos libc.so
# A program's call of it stays dynamic.
echo 'extern void *dlopen(void); void *p = (void *)dlopen; void _start(void) { dlopen(); }' > m.c
$CC -c m.c
$LD --wcc-ld-dialect=solaris m.o libc.so -o prog
readelf -W --dyn-syms prog | grep -q 'FUNC    GLOBAL DEFAULT  UND dlopen'
# A whole library as a filter.
$LD -G -F libreal.so.1 -M map l.o -o libf.so; readelf -dW libf.so | grep -q 'FILTER.*libreal.so.1'
$LD -G -f libreal.so.1 l.o -o libf.so; readelf -dW libf.so | grep -q 'AUXILIARY.*libreal.so.1'
# A library that is nothing but a filter needs no object.
printf '$mapfile_version 2\nSYMBOL_VERSION V { global: only { TYPE = FUNCTION }; };\n' > stub
$LD -G -F libreal.so.1 -M stub -h libstub.so.1 -o libstub.so; readelf -W --dyn-syms libstub.so | grep -q 'FUNC .* ABS only'
"$LD" --verify-load=illumos libstub.so
must_fail $LD -Qy -r -N misc/dep l.o -o module 2> errors; grep -q 'kernel modules' errors
