# -m elf_x86_64 is what a compiler passes that does not know of the sol2 emulation: the run-time linker's path tells.
cat >m.c <<'X'
__thread int t = 7;
int main(void) { return t; }
X
echo 'int f(void) { return 1; }' >l.c
$CC -c -O1 m.c
$CC -fPIC -c l.c
"$LD" -m elf_x86_64_sol2 -shared l.o -o libl.so
for path in /lib/amd64/ld.so.1 /usr/lib/amd64/ld.so.1 /lib/64/ld.so.1; do
    for spelling in "-dynamic-linker $path" "--dynamic-linker=$path" "-I$path"; do
        "$LD" -m elf_x86_64 -e main --no-as-needed m.o libl.so $spelling -o prog
        "$LD" --verify-load=illumos prog | grep -x 'prog: ok for illumos'
    done
done
readelf -dW prog >tags
grep -q '(HASH)' tags
must_fail grep GNU_HASH tags
# The same program for Linux is told what goes wrong.
"$LD" -m elf_x86_64 -e main --no-as-needed m.o libl.so -dynamic-linker /lib64/ld-linux-x86-64.so.2 -o linux
must_fail "$LD" --verify-load=illumos linux >says
grep -q 'K15: ' says
grep -q 'S03: .*thread-local' says
