# The most constraining visibility of a name's definitions and references is the output's (gABI, "Symbol Visibility"), also
# where the one that said it lost and its file was compiled with others.
cat >weak.c <<'X'
__attribute__((visibility("protected"), weak)) const char *g = "a";
__attribute__((visibility("hidden"))) extern int f(void);
int call_f(void) { return f(); }
X
echo 'const char *g = "b"; int f(void) { return 2; } int h(void) { return g[0]; }' >strong.c
for kinds in "-flto -flto" "-flto -fno-lto" "-fno-lto -flto" "-fno-lto -fno-lto"; do
    set -- $kinds
    gcc -O1 -fPIC $1 -c weak.c
    gcc -O1 -fPIC $2 -c strong.c
    for order in "strong.o weak.o" "weak.o strong.o"; do
        "$WCC" -O1 -fPIC -shared $order -o lib.so
        readelf -W --dyn-syms lib.so >symbols
        must_fail grep -w f symbols
        grep -w PROTECTED symbols | grep -qw g
    done
done
