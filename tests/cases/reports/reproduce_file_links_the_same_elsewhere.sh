mkdir 'src dir' lib
cat >'src dir/a.c' <<'E'
#include <math.h>
#include <stdio.h>
int f(int);
int main(int argc, char **argv) { printf("%d %.1f\n", f(3), sqrt(argc * 4.0)); return 0; }
E
echo 'int f(int x) { return x + 1; }' >lib/f.c
echo '{ global: main; local: *; };' >script.map
$CC -c 'src dir/a.c' -o 'src dir/a.o'
$CC -c lib/f.c -o lib/f.o
ar rcs lib/libf.a lib/f.o
$CC -B"$AS_LD" 'src dir/a.o' -Llib -lf -lm -Wl,--version-script=script.map,-Map=map,--build-id=sha1 \
    -Wl,--reproduce=repro.tar -o out
./out
mkdir away
tar -xf repro.tar -C away
cd away/repro
[ -f version.txt ]
"$LD" @response.txt
./out
cmp out ../../out
# A link that fails is the one that somebody wants to show.
cd ../..
must_fail $CC -B"$AS_LD" 'src dir/a.o' -Wl,--reproduce=bad.tar -o out2
tar -tf bad.tar | grep -q 'a\.o$'
