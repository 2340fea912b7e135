echo 'int main(void) { return 0; }' | "$WCC" -x c - -o prog
./prog
echo 'int main(void) { return 0; }' >source
must_fail "$WCC" - -o prog2 <source 2>err
