# Folding, the index for gdb, link-time optimisation, compression, collection: threads change none of them.
for n in $(seq 60); do
    printf 'template <int N> int add(int x) { return x + N %% 7; }\nint f%d(int x) { return add<%d>(x) + add<%d>(x); }\nconst char *name%d() { return "name of %d"; }\n' $n $n $((n + 1)) $n $n >f$n.cc
done
printf 'int f1(int); int f60(int); int main() { return f1(1) + f60(2) == 0; }\n' >main.cc
$CXX -c -g -O1 -ffunction-sections f*.cc main.cc
mkdir lto
(cd lto && $CXX -c -O1 -flto ../f*.cc ../main.cc)
same() { # NAME OPTION…
    local name=$1 n
    shift
    for n in 1 2 3 8; do
        "$WCCXX" "$@" -Wl,--threads=$n,--build-id -o $name.$n
        cmp $name.1 $name.$n
    done
}
same plain f*.o main.o
same gc f*.o main.o -Wl,--gc-sections
same icf f*.o main.o -Wl,--icf=all,--gc-sections
same index f*.o main.o -Wl,--gdb-index
same packed f*.o main.o -Wl,--compress-debug-sections=zstd
same relocs f*.o main.o -Wl,--emit-relocs
same map f*.o main.o -Wl,-Map=map,--cref
same shared f*.o -shared -Wl,-Bsymbolic,--unresolved-symbols=ignore-all
same object f*.o main.o -r -nostdlib
same lto lto/*.o -flto -O1
