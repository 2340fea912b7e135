# One small program in every mode of the compiler that the link has a part in, by wcc and under the compilers' own drivers
# (gcc -B, clang --ld-path); run-times that report what they are for; and make's jobserver, ccache and distcc.
packages gcc g++ clang-19 musl-tools make ccache distcc libclang-rt-19-dev libomp-19-dev
rm -rf modes
mkdir -p modes/B modes/x modes/y
cd modes
ln -s "$LD_WCC" B/ld
export XDG_CACHE_HOME=$PWD/cache CCACHE_DIR=$PWD/ccache DISTCC_DIR=$PWD/distcc
mkdir distcc
echo '#include <stdio.h>
int main(void) { return puts("hi") < 0; }' >hello.c
echo 'int one(void) { return 1; }' >x/a.c
echo 'int two(void) { return 2; }' >y/a.c
echo 'int one(void); int two(void); int main(void) { return one() + two() - 3; }' >both.c
echo '#include <stdlib.h>
int main(int c, char **v) { char *p = malloc(4); p[c + 3] = 1; free(p); return 0; }' >address.c
echo 'int main(int c, char **v) { int x = 2147483647; return (x + c) == 0; }' >undefined.c
echo '#include <pthread.h>
int g; void *f(void *p) { for (int i = 0; i < 1000; i++) g++; return 0; }
int main(void) { pthread_t a, b; pthread_create(&a, 0, f, 0); pthread_create(&b, 0, f, 0); pthread_join(a, 0); pthread_join(b, 0); return 0; }' >thread.c
echo '#include <omp.h>
int main(void) { int s = 0;
#pragma omp parallel for reduction(+ : s)
for (int i = 0; i < 100; i++) s += i;
return s != 4950; }' >omp.c
echo '#include <stdexcept>
int main() { try { throw std::runtime_error("x"); } catch (std::exception &) { return 0; } return 1; }' >throw.cc
n=0
# A program, built by the command, must run and be wcc's.
runs() {
    rm -f prog
    "$@" -o prog
    "$LINKDIFF" --expect prog 'text .comment wcc' >/dev/null
    ./prog >/dev/null
    n=$((n + 1))
}
# A program that a sanitizer must complain about.
complains() {
    local what=$1
    shift
    "$@" -o prog
    setarch -R ./prog >said 2>&1 || true
    grep "$what" said >/dev/null
    n=$((n + 1))
}
plain=('' -static '-static-pie -fPIE' '-no-pie -fno-pie' '-O2 -flto' -pthread '-rdynamic -Wl,--gc-sections' -fsanitize=address)
for how in "gcc -BB" "clang-19 --ld-path=$LD_WCC"; do
    for mode in "${plain[@]}"; do
        runs $how $mode hello.c
    done
    $how -shared -fPIC x/a.c -o liba.so
    $how -shared -fPIC y/a.c -o libb.so
    runs $how both.c -L. -la -lb -Wl,-rpath,"$PWD"
done
for compiler in gcc clang-19; do
    export WCC_CC=$compiler
    for mode in "${plain[@]}" -pg --coverage -fprofile-generate -fsanitize=leak -pipe -save-temps=obj '-MD -MF dep.d'; do
        runs "$CC" $mode hello.c
    done
    ls *.gcda gmon.out >/dev/null
    runs "$CC" x/a.c y/a.c both.c
    runs "$CC" -fopenmp omp.c
    complains heap-buffer-overflow "$CC" -g -fsanitize=address address.c
    complains 'signed integer overflow' "$CC" -g -fsanitize=undefined undefined.c
    complains 'data race' "$CC" -g -fsanitize=thread thread.c
    for mode in '' -static '-static-libgcc -static-libstdc++'; do
        runs "$CXX" $mode throw.cc
    done
    rm -f *.gcda *.gcno gmon.out
done
export WCC_CC=musl-gcc
for mode in '' -static '-static-pie -fPIE'; do
    runs "$CC" $mode hello.c
done
unset WCC_CC
record "tests: $n programs"

# Four sources, a launcher that shows how many compile at once: never more than make allows, and all tokens go back.
for i in 1 2 3; do echo "int f$i(void) { return 0; }" >s$i.c; done
echo 'int main(void) { return 0; }' >s4.c
printf '#!/bin/sh\necho start >>trace\nsleep 0.5\necho end >>trace\nexec "$@"\n' >slow
printf '#!/bin/sh\nWCC_LAUNCHER=./slow exec "%s" s1.c s2.c s3.c s4.c -o four\n' "$CC" >four.sh
printf 'all:\n\t+./four.sh\n' >Makefile
chmod +x slow four.sh
at_once() { awk '/start/ { if (++n > most) most = n } /end/ { n-- } END { print most }' trace; }
mkfifo tokens
for jobs in 1 2 3; do
    rm -f trace
    make -s -j$jobs
    [ "$(at_once)" -le $jobs ]
    rm -f trace
    (
        exec 7<>tokens
        for _ in $(seq 2 $jobs); do printf + >&7; done
        MAKEFLAGS=" -j$jobs --jobserver-auth=fifo:$PWD/tokens" ./four.sh
        [ "$(timeout 1 dd bs=1 count=$((jobs - 1)) <&7 2>/dev/null | wc -c)" = $((jobs - 1)) ]
    )
    [ "$(at_once)" -le $jobs ]
done
for _ in 1 2; do
    WCC_LAUNCHER=ccache "$CC" s1.c s2.c s3.c s4.c -o four
done
ccache -s | grep 'Hits: *4 / *8' >/dev/null
distccd --no-detach --daemon --allow 127.0.0.1 --listen 127.0.0.1 --port 3698 --jobs 2 --log-stderr --verbose >distccd.log 2>&1 &
server=$!
trap 'kill $server' EXIT
sleep 1
DISTCC_HOSTS=127.0.0.1:3698 DISTCC_FALLBACK=0 WCC_LAUNCHER=distcc "$CC" s1.c s2.c s3.c s4.c -o four
[ "$(grep -c COMPILE_OK distccd.log)" = 4 ]
linked_by_wcc four
