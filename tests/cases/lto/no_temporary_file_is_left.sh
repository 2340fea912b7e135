# The plugin's and its programs' files go to one directory of ours, which goes too: on success, on failure, on a signal.
mkdir tmp
export TMPDIR=$PWD/tmp
empty() { [ -z "$(ls -A tmp)" ]; }
cat >main.c <<'X'
int missing(void);
int main(void) { return missing(); }
X
echo 'int missing(void) { return 0; }' >other.c
one() {
    export WCC_CC=$1
    "$1" -O2 -flto -c main.c other.c
    "$WCC" -flto main.o other.o -o prog
    empty
    must_fail "$WCC" -flto main.o -o prog
    empty
    must_fail "$WCC" -flto main.o other.o -Wl,-plugin,/nowhere/plugin.so -o prog 2>said
    grep -q 'cannot load LTO plugin /nowhere/plugin.so' said
    empty
}
one gcc
if command -v clang-19 && [ -e /usr/lib/llvm-19/lib/LLVMgold.so ]; then
    one clang-19
    "$LD" -plugin /usr/lib/llvm-19/lib/LLVMgold.so -plugin-opt=emit-llvm main.o other.o -o out.bc
    head -c 2 out.bc | grep -q BC
    empty
fi
# A compiler that takes its time, for a signal to meet.
export WCC_CC=gcc
gcc -O2 -flto -c main.c other.c
cat >slow <<'X'
#!/bin/sh
touch started
sleep 30
X
chmod +x slow
"$LD" -plugin "$(gcc -print-file-name=liblto_plugin.so)" -plugin-opt=$PWD/slow main.o other.o -o prog &
for _ in $(seq 100); do [ -e started ] && break; sleep 0.1; done
[ -e started ]
! empty
kill -TERM %1
must_fail wait %1
for _ in $(seq 50); do pgrep -f "$PWD/slow" || break; sleep 0.1; done
must_fail pgrep -f "$PWD/slow"
empty
