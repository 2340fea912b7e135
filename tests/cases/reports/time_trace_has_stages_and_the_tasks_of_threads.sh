# Chrome's trace format: stages in row 0, what each thread did in rows of their own; --stats counts.
for i in 1 2 3; do echo "int f$i(void) { return $i; }" >f$i.c; $CC -c f$i.c; done
echo 'int f1(void); int main(void) { return f1() - 1; }' >m.c
$CC -c m.c
$WCC m.o f1.o f2.o f3.o -o prog -Wl,--threads=2,--time-trace=trace.json,--stats 2>stats
./prog
grep -q '"name":"write","ph":"X","pid":1,"tid":0' trace.json
grep -q '"name":"read f2.o"' trace.json
grep -q '"name":"window at 0x0"' trace.json
[ "$(head -n 1 trace.json)" = '{"traceEvents":[' ]
[ "$(tail -n 1 trace.json)" = ']}' ]
if command -v python3 >/dev/null; then
    python3 -c 'import json; e = json.load(open("trace.json"))["traceEvents"]; assert len(e) > 10 and all(x["dur"] >= 0 for x in e)'
fi
grep -q ' ms  write$' stats
grep -Eq '^ +[1-9][0-9]* +objects linked$' stats
grep -Eq '^ +[1-9][0-9]* +relocations applied$' stats
