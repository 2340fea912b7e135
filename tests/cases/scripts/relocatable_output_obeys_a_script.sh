# As module scripts do: sections joined by pattern, some thrown away, the rest as it is.
cat > a.c <<'X'
int f(void); static int used = 3;
__attribute__((section(".keep.b"), used)) static int b = 2;
__attribute__((section(".keep.a"), used)) static int a = 1;
__attribute__((section(".junk"), used)) static int junk = 1;
int main(void) { return f() + used != 8; }
X
cat > b.c <<'X'
int f(void) { return 5; }
X
cat > module.ld <<'X'
SECTIONS {
  /DISCARD/ : { *(.junk) }
  .text : { *(.text .text.*) }
  .keep 0 : ALIGN(8) { *(SORT(.keep.*)) }
}
X
"$CC" -c -ffunction-sections a.c -o a.o
"$CC" -c -ffunction-sections b.c -o b.o
"$LD" -r -T module.ld a.o b.o -o both.o
readelf -SW both.o > sections
must_fail grep -E 'junk|\.text\.|\.keep\.' sections
objcopy -O binary -j .keep --set-section-flags .keep=alloc both.o keep
od -An -tx4 keep | grep -q '00000001 00000002'
"$WCC" both.o -o prog
./prog
