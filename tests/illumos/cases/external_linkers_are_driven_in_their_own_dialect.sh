# A stand-in prints the arguments it gets; which words those are depends on its name, or on what the user says.
cat >stand-in <<'X'
#!/bin/sh
printf '%s\n' "$@"
X
chmod +x stand-in
cp stand-in ld.lld
cp stand-in ld
echo 'int main(void) { return 0; }' >m.c
$CC -c m.c
run() { $WCC --sysroot="$S" m.o -o prog "$@" 2>&1 | tr '\n' ' '; }
run --ld-path="$PWD/stand-in" | grep -e '-m elf_x86_64_sol2 -e _start --eh-frame-hdr -o prog'
run --ld-path="$PWD/ld" | grep -e '-m elf_x86_64_sol2'
run --ld-path="$PWD/stand-in" --wcc-ld-dialect=solaris >words
grep -e '^-C -e _start -o prog' words
grep -e '-z ignore -lgcc_s -z record' words
! grep -e 'elf_x86_64_sol2' words
! grep -e '--eh-frame-hdr' words
run -fuse-ld="$PWD/stand-in" --wcc-ld-dialect=gnu | grep -e '-m elf_x86_64_sol2'
run -B"$PWD" -fuse-ld=lld | grep -e '-m elf_x86_64_sol2'
# What the user says is never dropped, and user directories come first.
for dialect in gnu solaris; do
    run --ld-path="$PWD/stand-in" --wcc-ld-dialect=$dialect -s -u needed -L/users -Wl,-R/run >words
    grep -e ' -s ' words
    grep -e ' -u needed ' words
    grep -e '-L/users .*-L[^ ]*/usr/lib/amd64' words
    grep -e ' -R/run ' words
done
# A position-independent program is -z type=pie for Solaris' ld, and nothing illumos' ld could do.
$WCC --target=x86_64-pc-solaris2.11 --sysroot="$S" -pie m.o -o prog --ld-path="$PWD/stand-in" --wcc-ld-dialect=solaris |
    tr '\n' ' ' | grep -e '-z type=pie'
must_fail $WCC --sysroot="$S" -pie m.o -o prog --ld-path="$PWD/stand-in" --wcc-ld-dialect=solaris 2>err
grep -q 'illumos ld cannot make position-independent programs' err
# Not there, not executable: the option and the places.
must_fail $WCC --sysroot="$S" m.o -o prog --ld-path=/no/such/ld 2>err
grep -q "invalid linker name in '--ld-path=/no/such/ld': not found or not executable (tried /no/such/ld)" err
must_fail $WCC --sysroot="$S" m.o -o prog -fuse-ld=nosuch 2>err
grep -q "invalid linker name in '-fuse-ld=nosuch'.*tried .*ld.nosuch" err
must_fail $WCC --sysroot="$S" m.o -o prog --ld-path="$PWD/m.o" 2>err
grep -q "not executable" err
must_fail $WCC --sysroot="$S" m.o -o prog --wcc-ld-dialect=klingon 2>err
grep -q 'the dialects are gnu and solaris' err
# For real: GNU ld with the sol2 emulation.
[ -n "$SOL2" ] || exit 0
$WCC --sysroot="$S" m.o -o prog --ld-path="$SOL2"
"$LD" --verify-load=illumos prog
$ILX ./prog
