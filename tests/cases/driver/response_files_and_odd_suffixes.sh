echo 'int f(void) { return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
$CC -c f.c m.c
mv f.o f.xyz
printf '%s\n' '-o "my prog"' "m.o f.xyz -O2" >args
"$WCC" @args
"./my prog"
