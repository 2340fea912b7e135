printf '.globl _start\n_start: ret\n' >a.s
as a.s -o a.o
for name in ld ld.bfd ld.lld ld.lld-19 x86_64-linux-gnu-ld mold; do
    ln -sf "$LD" "$name"
    ./"$name" --gc-sections a.o -o "out.$name"
    readelf -h "out.$name" | grep -q 'EXEC'
done
