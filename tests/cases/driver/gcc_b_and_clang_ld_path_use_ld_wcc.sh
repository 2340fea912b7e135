echo 'int main(void) { return 0; }' >a.c
$CC -c a.c
$CC -B"$AS_LD" a.o -o one
"$LINKDIFF" --expect one 'text .comment wcc'
clang=$(command -v clang-19 || command -v clang) || exit 0
"$clang" --ld-path="$LD" a.o -o two
"$LINKDIFF" --expect two 'text .comment wcc'
./one
./two
