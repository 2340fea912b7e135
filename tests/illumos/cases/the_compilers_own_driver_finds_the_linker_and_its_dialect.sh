#@ needs: clang
# clang's Solaris driver gives whatever -fuse-ld= names the words of the system's linker.
cat >main.c <<'X'
#include <stdio.h>
_Thread_local int seven = 7;
int main(void) {
    printf("%d\n", seven);
    return 0;
}
X
cat >main.cc <<'X'
extern "C" int printf(const char *, ...);
int main() {
    try {
        throw 5;
    } catch (int i) {
        printf("caught %d\n", i);
    }
}
X
gcc="--gcc-install-dir=$S/opt/gcc-14/lib/gcc/x86_64-pc-solaris2.11/14.2.0"
$CC --sysroot="$S" -fuse-ld="$LD" $gcc main.c -o c
"$LD" --verify-load=illumos c
[ "$($ILX ./c)" = 7 ]
"$LINKDIFF" --expect c 'section .SUNW_version' 'interp /lib/amd64/ld.so.1'
$CC --driver-mode=g++ -fexceptions --sysroot="$S" -fuse-ld="$LD" $gcc main.cc -o cc
"$LD" --verify-load=illumos cc
[ "$($ILX ./cc)" = "caught 5" ]
