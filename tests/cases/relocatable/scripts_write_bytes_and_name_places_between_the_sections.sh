# As the Linux kernel's module.lds: symbols around a table, and sections made of bytes.
cat > a.c <<'S'
extern const int __start_tags[], __stop_tags[];
extern const unsigned char made[];
extern char past[];
__attribute__((section("tags"), used)) static const int one = 1;
__attribute__((section("tags"), used)) static const int two = 2;
int main(void) {
    if (__stop_tags - __start_tags != 2 || __start_tags[0] != 1 || __start_tags[1] != 2)
        return 1;
    if (made[0] != 7 || made[1] || made[8] != 0x34 || made[9] != 0x12 || made[10] != 'h')
        return 2;
    return past - (char *)made != 16;
}
S
cat > m.ld <<'S'
SECTIONS {
  tags : { __start_tags = .; *(tags) __stop_tags = .; }
  .made : { made = .; BYTE(7) . = ALIGN(8); SHORT(0x1234) ASCIZ "hi" . += 1; past = . + 2; }
  .nothing : { . = ALIGN(16); }
}
S
"$CC" -c a.c -o a.o
"$LD" -r -T m.ld a.o -o r.o
readelf -SW r.o > sections
grep -q ' .made  *PROGBITS ' sections
must_fail grep nothing sections
"$WCC" r.o -o a
./a
"$LD" -r -T m.ld -r a.o -o again.o --compress-debug-sections=zlib
# What stands outside has no place to be.
echo 'SECTIONS { .made : { BYTE(1) } x = .; }' > bad.ld
must_fail "$LD" -r -T bad.ld a.o -o bad.o 2> log
grep -q 'x = ' log
