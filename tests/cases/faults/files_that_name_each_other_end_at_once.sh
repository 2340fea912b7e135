# Response files, scripts and thin archives that name themselves, or each other twice, would multiply without end.
[ -z "${WCC_SANITIZED:-}" ] || { echo 'a sanitizer takes address space of its own'; exit 77; }
printf '.globl _start\n_start: ret\n' >start.s
$CC -c start.s
many() { seq 20000 | sed "s|.*|$1|"; } # twenty thousand times a line
refused() { # WORD COMMAND…: is refused for this reason, with little memory and time
    local word=$1
    shift
    (ulimit -v 700000 -t 20 && must_fail "$@" 2>said)
    grep -q "$word" said
}
# Each names the next one twice: 2^29 times the last.
for i in $(seq 0 28); do printf '@r%d\n@r%d\n' $((i + 1)) $((i + 1)) >r$i; done
many -DX >r29
refused 'too many @-files' $LD @r0
refused 'too many response files' $WCC @r0
{ many -znow; echo '@self'; } >self
refused 'too many @-files' $LD @self
refused 'response file' $WCC @self

many 'INPUT(in.ld)' >in.ld
refused 'linker scripts' $LD start.o in.ld
for i in $(seq 0 14); do printf 'INPUT(./i%d.ld i%d.ld)\n' $((i + 1)) $((i + 1)) >i$i.ld; done
many 'EXTERN(a)' >i15.ld
refused 'name each other too often' $LD start.o i0.ld
for i in $(seq 0 8); do printf 'INCLUDE c%d.ld\nINCLUDE c%d.ld\n' $((i + 1)) $((i + 1)) >c$i.ld; done
many 'a = 1;' >c9.ld
refused 'INCLUDE reads the same files too often' $LD -T c0.ld start.o

# Twenty thousand members, each the archive itself.
{
    printf '!<thin>\n'
    printf '%-16s%-12s%-6s%-6s%-8s%-10s`\n' thin.a/ 0 0 0 644 68 >member
    for i in $(seq 1000); do cat member; done >thousand
    for i in $(seq 20); do cat thousand; done
} >thin.a
(ulimit -v 700000 -t 20 && $LD -shared start.o --whole-archive thin.a -o out)
