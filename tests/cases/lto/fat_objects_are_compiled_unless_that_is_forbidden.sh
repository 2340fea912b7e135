# gcc names its plugin for every link, so that fat objects are compiled again; -fno-lto takes their machine code.
command -v gcc || { echo "gcc is not installed"; exit 77; }
export WCC_CC=gcc
echo 'int dead(void) { return 1; } int main(void) { return 0; }' >fat.c
gcc -O2 -flto -ffat-lto-objects -c fat.c
"$WCC" fat.o -o lto
"$WCC" -fno-lto fat.o -o native
"$WCC" -fno-use-linker-plugin fat.o -o native2
nm lto >names; must_fail grep -q ' dead$' names
nm native | grep -q ' dead$'
nm native2 | grep -q ' dead$'
./lto; ./native
# Without a plugin's name the linker takes what is there.
"$LD" -e main fat.o -o bare
nm bare | grep -q ' dead$'
must_fail sh -c 'readelf -SW native | grep gnu.lto'
