# Whatever is opened first must not become number 2 and get the messages.
echo 'int main(void) { return 0; }' >a.c
echo 'int missing(void); int main(void) { return missing(); }' >bad.c
$CC -c a.c bad.c
"$WCC" a.o -o prog <&- >&- 2>&-
./prog
"$LD" -shared a.o -o lib.so <&- >&- 2>&-
cp prog before
status=0
"$WCC" bad.o -o prog <&- >&- 2>&- || status=$?
[ "$status" = 1 ]
cmp prog before
"$WCC" a.c -o prog <&- >&- 2>&-
./prog
# A full or closed pipe behind it is no reason to fail, nor to be killed.
"$WCC" a.o -o prog -Wl,-t | true
./prog
"$LD" --help | head -n 1 >/dev/null
