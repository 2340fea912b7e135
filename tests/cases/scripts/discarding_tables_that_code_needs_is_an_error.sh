# A PLT or GOT that calls and loads go through cannot be thrown away; one that nobody needs can.
printf '.globl foo\nfoo: jmp bar@PLT\n' | as -o calls.o -
printf '.globl foo\nfoo: mov bar@GOTPCREL(%%rip), %%rax\nret\n' | as -o loads.o -
printf '.globl foo\nfoo: ret\n' | as -o plain.o -
for what in .plt .got.plt; do
    echo "SECTIONS { .text : { *(.text) } /DISCARD/ : { *($what) } }" >t.ld
    must_fail "$LD" --no-warn-rwx-segments -shared -T t.ld calls.o -o none.so 2>log
    grep -q "the script discards \`$what', which the code needs" log
    "$LD" --no-warn-rwx-segments -shared -T t.ld plain.o -o out.so
done
echo "SECTIONS { .text : { *(.text) } /DISCARD/ : { *(.got) } }" >t.ld
must_fail "$LD" --no-warn-rwx-segments -shared -T t.ld loads.o -o none.so 2>log
grep -q "the script discards \`.got', which the code needs" log
"$LD" --no-warn-rwx-segments -shared -T t.ld plain.o -o out.so
