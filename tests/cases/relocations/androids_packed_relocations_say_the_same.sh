#@ needs: llvm-readelf-19
cat > a.c <<'S'
extern int far_one, far_two;
static int near[4] = {1};
int *table[200] = {near, near + 1, near + 2, near + 3, &far_one, &far_two, near};
struct { char c; int *p; } __attribute__((packed)) odd[3] = {{1, near}, {2, near + 3}, {3, &far_one}};
int call(void);
int *all[2000] = {[0 ... 1999] = near};
int f(void) { return call() + *table[1] + far_two; }
S
"$CC" -c -fPIC -O2 a.c -o a.o
# Addends differ where addresses do: so does what is compared, but for the symbols.
list() { llvm-readelf-19 -r "$1" | awk '/^[0-9a-f]+ +[0-9a-f]+ R_/ { print $3, $5 }' | sort; }
for how in none android; do
    "$LD" -shared a.o -o $how.so --pack-dyn-relocs=$how --image-base=0
    list $how.so > $how.list
done
[ "$(wc -l < none.list)" -gt 60 ]
cmp none.list android.list
llvm-readelf-19 -SW android.so > sections
grep -q ' .rela.dyn  *ANDROID_RELA .* 01 .* A ' sections
llvm-readelf-19 -d android.so > tags
grep -q ANDROID_RELASZ tags
must_fail grep -q '(RELA' tags
[ "$(stat -c %s android.so)" -lt "$(stat -c %s none.so)" ]
# Every word that an unpacked RELATIVE relocation sets is set to the same distance from the variable.
near() { nm $1 | sed -n "s/ d near$//p"; }
places() {
    local base=$((0x$(near "$1"))) at
    llvm-readelf-19 -r "$1" | awk '/R_X86_64_RELATIVE/ { print $4 }' >places
    while read -r at; do echo $((0x$at - base)); done <places | sort -n | uniq -c
}
places none.so > none.places
places android.so > android.places
[ -s none.places ]
cmp none.places android.places
"$LD" -shared a.o -o both.so --pack-dyn-relocs=android+relr --use-android-relr-tags
llvm-readelf-19 -d both.so > tags
grep -q ANDROID_RELRSZ tags
list both.so | grep -q far_one
