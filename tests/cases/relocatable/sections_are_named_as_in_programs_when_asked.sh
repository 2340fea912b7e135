printf 'void f(void) {}\nvoid g(void) {}\nint main(void) { f(); g(); return 0; }\n' >a.c
"$CC" -ffunction-sections -c a.c
"$LD" -r a.o -o b.o
readelf -SW b.o | grep -q '\.text\.f'
"$LD" -r --relocatable-merge-sections a.o -o c.o
readelf -SW c.o >sections
must_fail grep -F .text. sections
"$CC" c.o -o out
./out
