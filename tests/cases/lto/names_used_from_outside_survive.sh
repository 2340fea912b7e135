# What the command line, a version script, a dynamic list, a shared object or --wrap refers to is no dead code.
cat >lib.c <<'X'
int public_one(int x) { return x + 1; }
int private_one(int x) { return x + 2; }
int by_option(int x) { return x + 3; }
int by_defsym(int x) { return x + 4; }
X
echo 'int by_host(void) { return 7; } int nobody(void) { return 8; } int main(void);' >host.c
echo 'int main(void) { return 0; }' >main.c
echo 'int by_host(void); int shared_fn(void) { return by_host(); }' >dso.c
echo 'V1 { global: public_*; local: *; };' >script.map
echo '{ nobody; };' >list
has() { nm "$@" | awk '{ print $NF }' | sed 's/@.*//' >names; }
yes() { grep -qx "$1" names; }
no() { must_fail grep -qx "$1" names; }
one() {
    export WCC_CC=$1
    "$1" -O2 -flto -fPIC -c lib.c host.c main.c
    "$WCC" -O2 -flto -shared -fPIC lib.o -Wl,--version-script=script.map -o lib.so
    has lib.so; yes public_one; no private_one; no by_option
    has -D lib.so; yes public_one
    "$WCC" -O2 -flto -shared -fPIC lib.o -o all.so
    has -D all.so; yes public_one; yes private_one
    "$WCC" -O2 main.o lib.o -o plain
    has plain; no public_one; no by_option; no by_defsym
    "$WCC" -O2 main.o lib.o -Wl,-u,by_option -Wl,--defsym=other=by_defsym -o options
    has options; yes by_option; yes other; no private_one
    "$WCC" -O2 main.o lib.o -rdynamic -o dynamic
    has -D dynamic; yes public_one; yes private_one
    "$WCC" -O2 main.o host.o -Wl,--dynamic-list=list -o listed
    has -D listed; yes nobody; no by_host
    "$WCC" -O2 -shared -fPIC dso.c -o dso.so
    "$WCC" -O2 main.o host.o -Wl,--no-as-needed dso.so -Wl,-rpath,. -o host
    has -D host; yes by_host; no nobody
    ./host
}
cat >wrap.c <<'X'
#include <stdio.h>
int real_work(int);
int __real_real_work(int);
int __wrap_real_work(int x) { return __real_real_work(x) + 1000; }
int main(void) { printf("%d\n", real_work(1)); return 0; }
X
echo 'int real_work(int x) { return x * 5; }' >work.c
wrapped() {
    export WCC_CC=$1
    "$1" -O2 -flto -c wrap.c
    "$1" -O2 -c work.c
    "$WCC" -O2 wrap.o work.o -Wl,--wrap=real_work -o wrap
    [ "$(./wrap)" = 1005 ]
}
one gcc; wrapped gcc
if command -v clang-19 && [ -e /usr/lib/llvm-19/lib/LLVMgold.so ]; then
    one clang-19; wrapped clang-19
fi
