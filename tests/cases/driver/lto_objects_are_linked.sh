echo 'int f(int x) { return x + 1; }' >f.c
echo 'int f(int); int main(void) { return f(-1); }' >m.c
"$WCC" -flto -O2 f.c m.c -o prog
./prog
