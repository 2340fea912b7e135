echo 'int main(void) { return 0; }' >a.c
"$WCC" -v a.c -o prog 2>log
# libtool greps for " -L", CMake splits the line: it must stand there unquoted.
grep -q ' -L/' log
grep -q 'ld.wcc\|wcc' log
grep -q -- '-dynamic-linker /lib64/ld-linux-x86-64.so.2' log
./prog
