# File names, symbol names and -o are bytes.
d=$(printf 'caf\351')
mkdir "$d"
cat >"$d/a.s" <<'EOF'
        .globl main
        .text
main:   xor %eax, %eax
        ret
        .section .note.GNU-stack, "", @progbits
EOF
$CC -c "$d/a.s" -o "$d/a.o"
"$WCC" "$d/a.o" -o "$d/prog"
"$d/prog"
printf '"%s/a.o"\n' "$d" >args
"$WCC" @args -L"$d" -o "$d/prog2"
"$d/prog2"
ar rcs "$d/lib$d.a" "$d/a.o"
"$WCC" -L"$d" "-l$d" -o prog3
./prog3
printf 'INPUT("%s/a.o")\n' "$d" >"$d/script"
"$WCC" "$d/script" -o prog4
./prog4
status=0
"$WCC" "$d/none.o" -o prog5 2>err || status=$?
[ "$status" = 1 ]
grep -a -q 'none.o' err
