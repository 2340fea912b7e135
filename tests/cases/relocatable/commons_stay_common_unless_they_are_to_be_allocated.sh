echo '.comm shared,8,8
.comm only_a,4,4
.tls_common tls,4,4
.section .note.GNU-stack,"",@progbits' | as - -o a.o
echo '.comm shared,16,4
.section .note.GNU-stack,"",@progbits' | as - -o b.o
"$LD" -r a.o b.o -o ab.o
readelf -sW ab.o >log
grep -q '0000000000000008 *16 OBJECT *GLOBAL DEFAULT *COM shared$' log
grep -q '0000000000000004 *4 OBJECT *GLOBAL DEFAULT *COM only_a$' log
grep -q 'TLS *GLOBAL DEFAULT *COM tls$' log
for d in -d -dc -dp; do
    "$LD" -r $d a.o b.o -o ab.o
    nm ab.o >log
    grep -q ' B shared$' log
    grep -q ' B only_a$' log
    readelf -SW ab.o | grep '\.tbss *NOBITS.* WAT ' >/dev/null
done
