#@ needs: python3
# DT_CHECKSUM as elf_checksum(3ELF) computes it, the same after stripping; of a weak and a strong name of one thing the
# weak one is sorted, unless a mapfile says otherwise.
SOL="$LD --wcc-ld-dialect=solaris"
cat >m.c <<'X'
int _strong(void) { return 1; }
int weak(void) __attribute__((weak, alias("_strong")));
int other(void) { return 2; }
static int table[300] = { 1, 2, 3 };
int *get(int i) { return &table[i]; }
__attribute__((naked)) void label(void) { __asm__("ret"); }
X
cat >sum.py <<'X'
import struct, sys
data = open(sys.argv[1], "rb").read()
shoff, = struct.unpack_from("<Q", data, 40)
shnum, = struct.unpack_from("<H", data, 60)
total, stored, names = 0, None, []
sections = [struct.unpack_from("<IIQQQQIIQQ", data, shoff + 64 * i) for i in range(shnum)]
for s in sections:
    if s[1] == 6:
        for at in range(s[4], s[4] + s[5], 16):
            tag, value = struct.unpack_from("<QQ", data, at)
            if tag == 0x6ffffdf8: stored = value
    if s[2] & 2 and s[1] not in (11, 6, 8, 0x6ffffff4):
        total += sum(data[s[4]:s[4] + s[5]])
once = (total & 0xffff) + (total >> 16 & 0xffff)
folded = (once & 0xffff) + (once >> 16) & 0xffff
sort = [s for s in sections if s[1] == 0x6ffffff1][0]
table = [s for s in sections if s[1] == 0x6ffffff3][0]
dynsym = [s for s in sections if s[1] == 11][0]
strings = sections[dynsym[6]]
for i in range(sort[4], sort[4] + sort[5], 4):
    number, = struct.unpack_from("<I", data, i)
    name, = struct.unpack_from("<I", data, table[4] + 24 * number)
    at = strings[4] + name
    names.append(data[at:data.index(b"\0", at)].decode())
print(folded == stored and stored != 0, *sorted(names))
X
$CC -fPIC -c m.c
for options in '' '--build-id'; do
    $SOL -G $options m.o -o libm.so
    python3 sum.py libm.so >says
    grep -x 'True get label other weak' says || { cat says; exit 1; }
    $SOL -G -s $options m.o -o libs.so
    python3 sum.py libs.so | grep -q True
done
ask() { printf '$mapfile_version 2\nSYMBOL_SCOPE { %s };\n' "$1" >map; $SOL -G -M map m.o -o libm.so; python3 sum.py libm.so >says; grep -qx "True $2" says || { cat says; exit 1; }; }
ask '_strong { FLAGS = DYNSORT; };' '_strong get label other'
ask 'weak { FLAGS = NODYNSORT; };' '_strong get label other'
ask '_strong { FLAGS = DYNSORT; }; weak { FLAGS = DYNSORT; };' '_strong get label other weak'
ask 'other { FLAGS = NODYNSORT; };' 'get label weak'
