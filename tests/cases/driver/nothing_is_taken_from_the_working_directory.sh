# Programs, libraries and scripts that lie here, where an archive was unpacked, are nobody's business, even when a variable
# has an empty entry.
printf 'int puts(const char *); int main(void) { puts("right"); return 0; }\n' >a.c
# What the compiler takes from here when it compiles is its own affair.
$CC -c a.c
for program in cc gcc clang c++ g++ as ld ld.wcc ld.bfd collect2 cc1; do
    printf '#!/bin/sh\necho "%s was taken from here" >>"%s/taken"\nexit 1\n' $program "$PWD" >$program
    chmod +x $program
done
for library in libc.so libgcc.a crt1.o crti.o crtbegin.o ld-linux-x86-64.so.2; do
    echo "damaged" >$library
done
echo 'damaged' >.wcc
PATH=":$PATH:" COMPILER_PATH=":" LD_LIBRARY_PATH=":" "$WCC" a.o -o prog
[ "$(./prog)" = right ]
[ ! -e taken ]
