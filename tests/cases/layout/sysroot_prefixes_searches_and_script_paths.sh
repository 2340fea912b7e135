echo 'int f(void) { return 0; }' >f.c
echo 'int f(void); int main(void) { return f(); }' >m.c
$CC -c f.c m.c
mkdir -p root/usr/lib root/opt
ar rcs root/opt/libreal.a f.o
echo 'INPUT(/opt/libreal.a)' >root/usr/lib/libf.a
$CC -B"$AS_LD" m.o -L=/usr/lib -lf -Wl,--sysroot="$PWD/root" -o a 2>err || {
    # The system's own libraries are not below our root; the archive must have been found all the same.
    must_fail grep -q 'libreal\|lf' err
    exit 0
}
./a
