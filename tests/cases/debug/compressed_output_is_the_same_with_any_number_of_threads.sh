i=0
while [ $i -lt 400 ]; do
    echo "int function_number_$i(int argument_$i) { int local_$i = argument_$i * $i; return local_$i; }"
    i=$((i + 1))
done >a.c
echo 'int main(void) { return function_number_3(0); }' >>a.c
$CC -g -O0 -ffunction-sections -c a.c
for method in zlib zstd; do
    for threads in 1 2 5; do
        "$LD" -r a.o -o r.$threads.o --compress-debug-sections=$method --threads=$threads
        $WCC a.o -o out.$threads -Wl,--compress-debug-sections=$method,--threads=$threads,--build-id
    done
    cmp out.1 out.2
    cmp out.1 out.5
    cmp r.1.o r.5.o
done
