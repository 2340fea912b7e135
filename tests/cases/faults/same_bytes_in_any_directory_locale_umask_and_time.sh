printf '#include <stdio.h>\nint main(void) { puts("x"); return 0; }\n' >a.c
mkdir one two
for d in one two; do
    (cd $d && $CC -g -ffile-prefix-map="$PWD=." -c ../a.c -o a.o)
done
cmp one/a.o two/a.o
(cd one && LC_ALL=C TZ=UTC umask 022 && "$WCC" -Wl,--build-id a.o -o prog)
(cd two && umask 077 && LC_ALL=C.UTF-8 TZ=Asia/Tokyo SOURCE_DATE_EPOCH=1 "$WCC" -Wl,--build-id a.o -o prog)
cmp one/prog two/prog
for n in 1 2 7; do
    "$WCC" -Wl,--build-id,--threads=$n one/a.o -o prog$n
    cmp one/prog prog$n
done
