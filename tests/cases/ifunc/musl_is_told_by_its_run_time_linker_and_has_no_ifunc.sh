# musl's run-time linker refuses IRELATIVE and finds no IFUNC symbols; unique symbols are global ones to it.
cat >m.s <<'S'
.globl chosen, alone, _start
.type chosen, @gnu_indirect_function
chosen: ret
_start: call chosen
.data
.type alone, @gnu_unique_object
alone: .quad 1
.size alone, 8
S
$CC -c m.s
musl='-dynamic-linker /lib/ld-musl-x86_64.so.1'
must_fail $LD -pie $musl m.o -o no 2>said
grep -q "m.o: chosen is an IFUNC, which musl's run-time linker does not know" said
# Static programs say nothing of their C library: --wcc-target does, as the driver passes it.
must_fail $LD --wcc-target=x86_64-unknown-linux-musl -static m.o -o no 2>said
grep -q 'chosen is an IFUNC, which musl' said
"$WCC" --target=x86_64-unknown-linux-musl -static -nostdlib m.o -o no -'###' 2>said || true
grep -q -e '--wcc-target=x86_64-unknown-linux-musl' -e '/lib/ld-musl-x86_64.so.1' said
$LD -pie -dynamic-linker /lib64/ld-linux-x86-64.so.2 m.o -o yes
sed -i 's/@gnu_indirect_function/@function/' m.s
$CC -c m.s
$LD -pie $musl --export-dynamic m.o -o prog
readelf -W --dyn-syms prog | grep -q 'OBJECT  GLOBAL .* alone'
"$LD" --verify-load=musl prog
must_fail "$LD" --verify-load=musl yes >says
grep -q 'M03: the relocation at .* has type 37' says
readelf -hW prog | grep -q 'UNIX - System V'
