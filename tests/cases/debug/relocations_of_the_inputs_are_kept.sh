#@ needs: python3
cat >a.c <<'X'
#include <stdio.h>
extern int shared_counter;
static int hidden_value = 4;
int *pointer = &hidden_value;
static const char *text(void) { return "some text"; }
__attribute__((noinline)) static int helper(int n) { return n + hidden_value; }
int unused(void) { return shared_counter; }
int main(void) { shared_counter++; printf("%s %d %d\n", text(), helper(shared_counter), *pointer); return 0; }
X
printf 'int shared_counter = 2;\n' >b.c
cat >check.py <<'X'
# S + A, or S + A - P, of every record of a plain type must be what stands in the file.
import struct, sys
b = open(sys.argv[1], 'rb').read()
u = lambda f, at: struct.unpack_from('<' + f, b, at)
shoff, = u('Q', 40)
count, = u('H', 60)
sections = [u('IIQQQQIIQQ', shoff + 64 * i) for i in range(count)]
checked = 0
for kind, link, info, offset, size, flags in [(s[1], s[6], s[7], s[4], s[5], s[2]) for s in sections]:
    if kind != 4 or flags & 2:
        continue
    target, symbols = sections[info], sections[link]
    for at in range(offset, offset + size, 24):
        place, sym, addend = u('QQq', at)
        ty, sym = sym & 0xffffffff, sym >> 32
        _, st_info, _, shndx, value, _ = u('IBBHQQ', symbols[4] + 24 * sym)
        width = {1: 8, 2: 4, 4: 4, 10: 4, 11: 4, 24: 8}.get(ty)
        assert target[3] <= place < target[3] + target[5] or ty == 0, (hex(place), ty)
        if width is None or shndx == 0 or st_info & 15 in (6, 10):
            continue
        have = int.from_bytes(b[target[4] + place - target[3]:][:width], 'little')
        want = value + addend - (place if ty in (2, 4, 24) else 0)
        if ty == 1 and target[2] & 2:
            # The run-time linker has the value.
            checked += 1
            continue
        assert have == want % (1 << 8 * width), (hex(place), ty, sym, hex(value), addend, hex(have), hex(want))
        checked += 1
assert checked > 20, checked
X
for flags in "-fno-pie -no-pie" "-fPIE -pie"; do
    for extra in "" --gc-sections --icf=all; do
        $CC ${flags% *} -O1 -g -ffunction-sections -c a.c
        $CC ${flags% *} -O1 -g -c b.c
        $WCC ${flags#* } a.o b.o -o out -Wl,--emit-relocs${extra:+,$extra}
        [ "$(./out)" = "some text 7 4" ]
        readelf -SW out >sections
        for s in text data eh_frame debug_info debug_line; do
            grep -E " \.rela\.$s +RELA .* I " sections >/dev/null
        done
        # Links and infos: the symbol table, and the section they are about.
        text=$(sed -nE 's/.*\[ *([0-9]+)\] \.text .*/\1/p' sections)
        symtab=$(sed -nE 's/.*\[ *([0-9]+)\] \.symtab .*/\1/p' sections)
        grep -E " \.rela\.text .* $symtab +$text +8\$" sections >/dev/null
        $LINKDIFF --check out
        # Every record, computed by hand, gives what stands in the file.
        python3 check.py out
    done
done
must_fail $WCC a.o b.o -o out -Wl,--emit-relocs,-s 2>err
grep -q 'may not be used together' err
