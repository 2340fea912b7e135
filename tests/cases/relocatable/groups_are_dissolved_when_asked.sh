cat > a.cc <<'S'
inline int f() { static int n; return ++n; }
int (*g)() = f;
int main() { return f() - 1; }
S
"$CXX" -c a.cc -o a.o
"$LD" -r a.o -o kept.o
readelf -gW kept.o | grep -q _Z1fv
"$LD" -r --force-group-allocation a.o -o gone.o
readelf -gW gone.o | grep -q 'no section groups'
"$WCCXX" gone.o -o a
./a
