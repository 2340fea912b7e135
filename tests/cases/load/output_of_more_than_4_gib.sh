# Sections that ask for 2 GiB alignment lie that far apart; the gaps are holes in the file and cost neither disk nor memory.
# (The assembler would write the gaps, so the alignments are put into its object.)
[ -z "${WCC_SANITIZED:-}" ] || { echo 'a sanitizer takes address space of its own'; exit 77; }
command -v python3 >/dev/null || { echo 'needs python3'; exit 77; }
cat >a.s <<'EOF'
        .globl main
        .text
main:   movabs $near, %rax
        movabs $far, %rdx
        mov (%rax), %eax
        add (%rdx), %eax
        ret
        .section .ldata.a, "awl", @progbits
near:   .quad 40
        .section .ldata.b, "awl", @progbits
        .quad 1
        .section .ldata.c, "awl", @progbits
far:    .quad 2
        .section .note.GNU-stack, "", @progbits
EOF
$CC -c a.s
cat >align.py <<'EOF'
import struct
data = bytearray(open("a.o", "rb").read())
shoff, = struct.unpack_from("<Q", data, 40)
shnum, shstrndx = struct.unpack_from("<HH", data, 60)
names, = struct.unpack_from("<Q", data, shoff + 64 * shstrndx + 24)
for i in range(shnum):
    at = names + struct.unpack_from("<I", data, shoff + 64 * i)[0]
    if data[at:at + 6] == b".ldata":
        struct.pack_into("<Q", data, shoff + 64 * i + 48, 1 << 31)
open("a.o", "wb").write(data)
EOF
python3 align.py
(ulimit -v 1500000; "$WCC" -no-pie -mcmodel=large a.o -o prog)
[ "$(stat -c %s prog)" -gt $((4 << 30)) ]
[ "$(du -k prog | cut -f1)" -lt 10000 ]
status=0
./prog || status=$?
[ "$status" = 42 ]
