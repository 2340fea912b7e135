printf 'int f(void) { return 1; }\n' >a.c
printf 'int f(void);\nint main(void) { return f(); }\n' >b.c
"$CC" -fPIC -shared a.c -o liba.so
"$CC" -c b.c
mkdir bin
ln -s "$LD" bin/ld
must_fail "$CC" -B bin -static b.o liba.so -o out 2>said
grep -q 'attempted static link of dynamic object liba.so' said
"$CC" -B bin b.o liba.so -o out
