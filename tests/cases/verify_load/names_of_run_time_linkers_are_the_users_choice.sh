# What the user asked for is no fault of the linker's: an empty name is none, one that no kernel takes an error of its own.
echo 'int f(void) { return 1; }' >l.c
echo 'int f(void); int main(void) { return f(); }' >m.c
$CC -fPIC -shared l.c -o libl.so
$CC -fPIC -c m.c
long=$(printf 'x%.0s' $(seq 5000))
for emulation in elf_x86_64 elf_x86_64_fbsd elf_x86_64_sol2; do
    for kind in '' -pie; do
        for name in '' / /nowhere; do
            "$LD" -m $emulation $kind -e main m.o libl.so -dynamic-linker "$name" -o prog 2>said
            [ ! -s said ]
            readelf -lW prog >headers
            if [ -n "$name" ]; then grep -q 'INTERP' headers; else must_fail grep 'INTERP\|PHDR' headers; fi
        done
        must_fail "$LD" -m $emulation $kind -e main m.o libl.so -dynamic-linker $long -o prog 2>said
        grep -q "dynamic-linker: the name has 5000 bytes, and .*'s kernel takes" said
        must_fail grep 'bug of wcc' said
    done
done
