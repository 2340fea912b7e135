# Objects of a command's own sources are temporary: messages call them by their sources.
echo 'int f(int x) { return x; }' >f.c
$CC -c f.c
ar rcs libf.a f.o
printf 'int f(int);\nint main(int c, char **v) {\n    return f(c);\n}\n' >m.c
for flags in "" "-gdwarf-5" "-gdwarf-4" "-gdwarf-4 -O2"; do
    must_fail "$WCC" $flags m.c -L. -o prog 2>err
    grep -q '^ld.wcc: error: undefined symbol: f$' err
    grep -q 'referenced by .*m.c' err
    must_fail grep -q '/wcc-' err
    grep -q 'hint: defined in ./libf.a: add -lf$' err
    [ -z "$flags" ] || grep -q 'm.c:3: ' err || { cat err; exit 1; }
done
# Lines are told apart by section, too.
printf 'int gone;\nextern int lost(int);\nint a(void) { return 1; }\nint b(void) {\n    return lost(gone);\n}\nint main(void) { return a() + b(); }\n' >s.c
must_fail "$WCC" -g -ffunction-sections s.c -o prog 2>err
grep -q 's.c:5: ' err
must_fail "$WCC" m.c f.c f.c -o prog 2>err
[ "$(grep -c 'defined in f.c$' err)" = 2 ]
# Names tell what is missing.
echo 'double cos(double); int main(int c, char **v) { return cos(c); }' >c.c
must_fail "$WCC" -fno-builtin c.c -o prog 2>err
grep -q 'hint: add -lm$' err
printf '#include <string>\nint f(int);\nint main(int c, char **v) { return f(c) + std::string(v[0]).size(); }\n' >x.cc
must_fail "$WCC" x.cc f.o -o prog 2>err
grep -q 'f is defined: is its declaration missing extern "C"?' err
grep -q 'link with the C++ command' err
# Colours are for terminals.
must_fail grep -q "$(printf '\033')" err
if command -v script >/dev/null; then
    TERM=xterm script -qec "$WCC -fno-builtin c.c -o prog" /dev/null >out </dev/null || true
    grep -q "$(printf '\033')" out
    TERM=xterm NO_COLOR=1 script -qec "$WCC -fno-builtin c.c -o prog" /dev/null >out </dev/null || true
    must_fail grep -q "$(printf '\033')" out
fi
