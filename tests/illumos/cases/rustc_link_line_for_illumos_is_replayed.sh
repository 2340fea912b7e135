# The line rustc's illumos target gives its C compiler, with objects in the place of crates.
cat >main.c <<'X'
#include <stdio.h>
int from_crate(void);
int main(void) {
    printf("%d\n", from_crate());
    return 0;
}
X
cat >crate.c <<'X'
int pthread_mutex_lock(void *);
int from_crate(void) { return 8 + pthread_mutex_lock(0); }
X
$CC -c main.c crate.c
ar rcs libcrate.rlib crate.o
mkdir -p rustlib
for dialect in $DIALECTS; do
    line="-m64 -std=c99 main.o -Wl,-z,ignore -L rustlib -Wl,-Bstatic libcrate.rlib -Wl,-Bdynamic
        -lsocket -lposix4 -lpthread -lgcc_s -lc -lm -lrt -lpthread -lsocket -lnsl -lc -lssp -o prog -nodefaultlibs"
    $WCC --sysroot="$S" --wcc-ld-dialect=$dialect $line
    "$LD" --verify-load=illumos prog
    [ "$($ILX ./prog)" = 8 ]
    # Libraries that nothing uses are dropped, the rest keep their order.
    "$LINKDIFF" --expect prog 'needed libpthread.so.1 libc.so.1'
    # The same for a library.
    $WCC --sysroot="$S" --wcc-ld-dialect=$dialect -m64 -std=c99 -Wl,-z,ignore -shared -o libcrate.so crate.o \
        -Wl,-h,libcrate.so -lpthread -lgcc_s -lc -lssp -nodefaultlibs
    "$LD" --verify-load=illumos libcrate.so
    # -std=c99 chooses the start objects.
    $WCC --sysroot="$S" --wcc-ld-dialect=$dialect -### $line 2>&1 | grep 'values-Xc.o.*values-xpg6.o'
done
