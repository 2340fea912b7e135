# What wcc cannot know it does not guess: the target's own compiler gets the whole command, and a gcc for another
# system is not asked for a line that would be its own system's.
mkdir bin
for name in xtensa-esp32-elf-gcc arm-none-eabi-gcc gcc; do
    printf '#!/bin/sh\necho "%s $*"\n' "$name" >bin/$name
    chmod +x bin/$name
done
export PATH=$PWD/bin:$PATH
unset WCC_CC WCC_CXX
echo >a.o
# An architecture that has no row.
[ "$("$WCC" --target=xtensa-esp32-elf a.o -o x -lm)" = 'xtensa-esp32-elf-gcc a.o -o x -lm' ]
must_fail env WCC_CC=/usr/bin/gcc "$WCC" --target=hexagon-unknown-linux-musl a.o 2>err
grep -q "unknown target triple 'hexagon-unknown-linux-musl'.*hexagon-unknown-linux-musl-gcc" err
# A system that has no file.
for target in aarch64-unknown-fuchsia x86_64-unknown-none armv7-unknown-linux-uclibceabi; do
    must_fail env WCC_CC=/usr/bin/gcc "$WCC" --target=$target a.o 2>err
    grep -q "does not compile for $target" err
done
# The gcc of x86-64 is the one of i386 too.
WCC_CC=/usr/bin/gcc "$WCC" --target=i686-linux-gnu '-###' a.o 2>line
grep -q elf_i386 line
echo 'int main(void) { return sizeof(void *) != 4; }' >m.c
WCC_CC=/usr/bin/gcc "$WCC" --target=i686-linux-gnu -c m.c -o m.o
readelf -h m.o | grep -q ELF32
