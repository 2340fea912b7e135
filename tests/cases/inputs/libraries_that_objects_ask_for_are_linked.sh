#@ needs: clang
# `#pragma comment(lib, …)`: the library is linked as if it stood behind all others, also when only a member of an archive
# asks for it; its place may be a directory of -L. What is not there is a warning, an error when asked for.
echo 'int answer(void) { return 42; }' >answer.c
echo '#pragma comment(lib, "answer")
int answer(void); int ask(void) { return answer(); }' >ask.c
echo '#pragma comment(lib, "ask")
int ask(void); int main(void) { return ask() != 42; }' >main.c
clang-19 -c answer.c ask.c main.c
mkdir -p libs
ar rc libs/libanswer.a answer.o
ar rc libs/libask.a ask.o
"$WCC" main.o -Llibs -o out
./out
readelf -SW out >sections
must_fail grep -q deplibs sections
"$LD" -r main.o -o again.o
"$WCC" again.o -Llibs -o again
./again

must_fail "$WCC" main.o -Llibs -Wl,--no-dependent-libraries -o none 2>log
grep -q 'undefined symbol: ask' log
rm libs/libanswer.a
must_fail "$WCC" main.o -Llibs -o none 2>log
grep -q "warning: cannot find library 'answer', which libs/libask.a(ask.o) asks for" log
grep -q 'undefined symbol: answer' log
"$WCC" main.o answer.o -Llibs -o warned 2>log
./warned
must_fail "$WCC" main.o answer.o -Llibs -Wl,--dependent-libraries -o none 2>log
grep -q "error: cannot find library 'answer'" log

# No object makes the linker look for libraries for ever.
(echo '.section .deplibs,"MS",@0x6fff4c04,1'; seq -f '.asciz "l%.0f"' 300000) >many.s
as many.s -o many.o
must_fail timeout 20 "$WCC" main.o answer.o many.o -Llibs -o none 2>log
grep -q 'many.o: the objects ask for 1024 libraries and more' log
