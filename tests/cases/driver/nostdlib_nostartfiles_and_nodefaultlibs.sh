cat >a.s <<'X'
.globl _start
_start: mov $60, %eax
xor %edi, %edi
syscall
.section .note.GNU-stack,"",@progbits
X
"$WCC" -nostdlib a.s -o a
./a
"$WCC" -nostartfiles -static a.s -o b
./b
echo 'int main(void) { return 0; }' >m.c
must_fail "$WCC" -nodefaultlibs m.c -o c 2>err
grep -q '__libc_start_main' err
