#@ needs: gcc
# A UUID is drawn anew for each link, so two outputs may differ; the note must be there with 16 bytes.
echo 'int main(void){return 0;}' >a.c
$CC -c a.c
$CC -B"$AS_LD" a.o -o a -Wl,--build-id=uuid
$CC -B"$AS_LD" a.o -o b -Wl,--build-id=uuid
"$LINKDIFF" --expect a 'note GNU 3 size 16'
must_fail cmp -s a b
