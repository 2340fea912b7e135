# GNU ar cuts the name to fit, and leaves a `/` in the field's last column beside the place in the table of long names.
mkdir part
echo 'int f(void) { return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
$CC -c f.c -o part/abcdefghijk.c.o
$CC -c m.c
ar csrDT libf.a part/abcdefghijk.c.o
"$WCC" m.o libf.a -o prog
./prog
