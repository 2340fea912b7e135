# The member that is needed lies behind 5 GiB of another one; its offset needs the 64-bit index.
command -v python3 >/dev/null || { echo 'needs python3'; exit 77; }
printf 'int far_away(void) { return 42; }\n' >far.c
printf 'int far_away(void); int main(void) { return far_away(); }\n' >main.c
$CC -c far.c main.c
cat >make.py <<'EOF'
import os, struct
far = open("far.o", "rb").read()
far += b"\n" * (len(far) & 1)
gap = 5 << 30
def header(name, size):
    return f"{name:<16}{0:<12}{0:<6}{0:<6}{644:<8}{size:<10}`\n".encode()
names = b"far_away\0" + b"\0" * 7
index = struct.pack(">Q", 1)
size = 8 + 8 + len(names)
at = 8 + 60 + size + 60 + gap
index += struct.pack(">Q", at) + names
with open("lib.a", "wb") as f:
    f.write(b"!<arch>\n" + header("/SYM64/", len(index)) + index + header("gap/", gap))
    f.seek(gap, os.SEEK_CUR)
    f.write(header("far.o/", len(far)) + far)
EOF
python3 make.py || { echo 'this file system takes no file of 5 GiB'; exit 77; }
"$WCC" main.o lib.a -o prog
status=0
./prog || status=$?
[ "$status" = 42 ]
# Without an index, by its members; and with an offset past the end, which is an error with a place.
python3 -c 'f = open("lib.a", "r+b"); f.seek(8 + 60 + 8); f.write(b"\x7f" * 8)'
status=0
"$WCC" main.o lib.a -o prog2 2>err || status=$?
[ "$status" = 1 ]
grep -q 'lib.a' err
