#@ needs: lld
cat >start.s <<'X'
.globl _start
_start: mov $60,%eax
xor %edi,%edi
syscall
X
$CC -c start.s
lld=$(command -v ld.lld-19 || command -v ld.lld)
$lld -static start.o -o theirs
must_fail "$LD" --verify-load=illumos theirs >says
[ "$(wc -l <says)" = 1 ]
grep -q 'K12: PT_PHDR without PT_INTERP.*elfexec.*SIGKILL' says
# The same object, linked for illumos here, is one that the kernel takes.
"$LD" -m elf_x86_64_sol2 start.o -o ours
"$LD" --verify-load=illumos ours
"$LD" --verify-load=linux ours theirs
