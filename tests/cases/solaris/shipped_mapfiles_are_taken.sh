# Those of /usr/lib/ld and of compilers: no executable stack or data, addresses below 4 GiB, cleared capabilities.
cat > m.s <<'X'
.globl _start
.text
_start: ret
.data
.quad 1
.section .SUNW_cap, "a", @0x6ffffff5
.quad 1, 0x1800
.quad 0, 0
X
$CC -c m.s
$LD -dn -Qy m.o -o plain; readelf -lW plain > headers; grep -q 'SUNWCAP ' headers
readelf -x .SUNW_cap plain | grep -q '00180000'
printf 'hwcap_1 = V0x0 OVERRIDE;\n' > clearcap.v1
printf '$mapfile_version 2\nCAPABILITY {\n\tHW = ;\n};\n' > clearcap.v2
for map in clearcap.v1 clearcap.v2; do
    $LD -dn -M $map m.o -o prog; readelf -SW prog > sections; must_fail grep SUNW_cap sections
done
printf '$mapfile_version 2\nCAPABILITY { HW += SSE3; SF = ADDR32; };\n' > addcap
$LD -dn -M addcap m.o -o prog; readelf -x .SUNW_cap prog | grep -q '00580000'
printf '$mapfile_version 2\nSTACK {\n\tFLAGS = READ WRITE;\n};\n' > noexstk
printf 'stack = STACK ?RW;\n' > noexstk.v1
for map in noexstk noexstk.v1; do
    $LD -dn -M $map m.o -o prog; readelf -lW prog | grep -q 'SUNWSTACK .* RW '
done
printf '$mapfile_version 2\nLOAD_SEGMENT text { VADDR = 0x10000000; };\nLOAD_SEGMENT data { VADDR = 0x20000000; FLAGS = READ WRITE; };\n' > below4g
$LD -dn -M below4g m.o -o prog; readelf -lW prog > headers
grep -q 'LOAD .* 0x0*10000000 ' headers; grep -q 'LOAD .* 0x0*20000000 .* RW ' headers
printf 'text = LOAD ?RX V0x30000000;\n' > old; $LD -dn -M old m.o -o prog; readelf -lW prog | grep -q 'LOAD .* 0x0*30000000 '
printf 'data = ?RWX;\n' > execdata; $LD -dn -M execdata m.o -o prog; readelf -lW prog | grep -q 'LOAD .* RWE '
printf 'bss = A0x400000;\n' > bssalign; $LD -dn -M bssalign m.o -o prog; readelf -lW prog | grep -q 'LOAD .* RW *0x400000'
printf '$mapfile_version 2\n$if _sparc\nLOAD_SEGMENT data { ROUND = 0x2000 };\n$elif _x86\nLOAD_SEGMENT data { ROUND = 0x1000 };\n$else\n$error unknown platform\n$endif\n' > pagealign
$LD -dn -M pagealign m.o -o prog; readelf -lW prog | grep -q 'LOAD *0x[0-9a-f]*000 0x[0-9a-f]*000 .* RW '
printf '$mapfile_version 2\n$if _sparc\n$error no\n$else _x86\nLOAD_SEGMENT text { VADDR = 0x400000 };\n$else\n$error unknown platform\n$endif\n' > default
$LD -dn -M default m.o -o prog
# A segment of its own for few sections (libumem): code that is written to.
printf '$mapfile_version 2\nLOAD_SEGMENT umem { FLAGS = READ WRITE EXECUTE; ASSIGN_SECTION { IS_NAME = .text; FILE_BASENAME = asm_subr.o }; };\n' > umem
printf '.globl patched\n.text\npatched: ret\n' > asm_subr.s; $CC -c asm_subr.s
$LD -dn -M umem m.o asm_subr.o -o prog 2> said; readelf -lW prog > headers
grep -q ' RWE ' headers; [ "$(grep -c ' \.text' <(sed -n '/Segment Sections/,$p' headers))" = 2 ]
# GCC's libgcc-unwind.map and version scripts of GNU's kind.
printf '_Unwind_All {\n  global:\n    _Unwind_Backtrace;\n    _Unwind_Resume;\n};\n' > unwind
printf 'V1 { global: foo*; extern "C++" { ns::*; }; local: *; };\n' > gnu
echo 'int _Unwind_Resume(void) { return 1; } int foobar(void) { return 2; } int other(void) { return 3; }' > l.c
$CC -fPIC -c l.c
$LD -G -M unwind l.o -o libl.so; readelf -VW libl.so | grep -q 'Name: _Unwind_All'
$LD -G -M gnu l.o -o libl.so; readelf -W --dyn-syms libl.so > symbols
grep -q foobar symbols; must_fail grep other symbols
