command -v python3 >/dev/null || { echo 'needs python3'; exit 77; }
python3 - <<'EOF'
name = "n" * 3_000_000
open("a.s", "w").write(f".globl main\n.text\nmain: jmp {name}\n.section .note.GNU-stack,\"\",@progbits\n")
open("b.s", "w").write(f".globl {name}\n.type {name}, @function\n.text\n{name}: xor %eax, %eax\nret\n.section .note.GNU-stack,\"\",@progbits\n")
EOF
$CC -c a.s b.s
"$WCC" a.o b.o -o prog
./prog
"$WCC" -shared b.o -o lib.so
"$WCC" a.o lib.so -Wl,-rpath,. -o prog
./prog
status=0
"$WCC" a.o -o prog2 2>err || status=$?
[ "$status" = 1 ]
