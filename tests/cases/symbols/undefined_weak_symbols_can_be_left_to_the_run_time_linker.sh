echo 'int late(void) __attribute__((weak)); int main(void) { return late ? late() : 3; }' >a.c
echo 'int late(void) { return 5; }' >l.c
$CC -shared -fPIC l.c -o libl.so
$CC -fPIE -c a.c
status() { code=0; LD_PRELOAD=${1:-} ./out || code=$?; echo $code; }
$CC -pie -B"$AS_LD" a.o -Wl,-z,dynamic-undefined-weak -o out
[ "$(status)" = 3 ]
[ "$(status ./libl.so)" = 5 ]
$CC -pie -B"$AS_LD" a.o -Wl,-z,nodynamic-undefined-weak -o out
[ "$(status)" = 3 ]
[ "$(status ./libl.so)" = 3 ]
