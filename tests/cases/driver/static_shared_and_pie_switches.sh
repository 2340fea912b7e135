echo 'int f(void) { return 0; } int main(void) { return f(); }' >a.c
$CC -fPIC -c a.c
"$WCC" a.o -o pie
"$LINKDIFF" --expect pie 'type DYN' 'segment INTERP'
"$WCC" -no-pie a.o -o nopie
"$LINKDIFF" --expect nopie 'type EXEC' 'segment INTERP'
"$WCC" -static a.o -o static
"$LINKDIFF" --expect static 'type EXEC' 'no segment INTERP'
"$WCC" -static-pie a.o -o staticpie
"$LINKDIFF" --expect staticpie 'type DYN' 'no segment INTERP'
"$WCC" -shared a.o -o shared.so
"$LINKDIFF" --expect shared.so 'type DYN' 'no segment INTERP' 'dynsym f DEF'
for p in pie nopie static staticpie; do ./$p; done
"$LINKDIFF" --check pie nopie static staticpie shared.so
