# What libc and ld.so.1 are linked with there, and options that cannot be obeyed: an error each, which says why.
LD="$LD --wcc-ld-dialect=solaris"
cat >m.s <<'S'
.globl table, dtrace_data
.data
.type table, @object
table: .quad 1
.size table, 8
.type dtrace_data, @object
dtrace_data: .zero 64
.size dtrace_data, 64
S
$CC -c m.s
$LD -G m.o -z rtldinfo=table -z dtrace=dtrace_data -o lib.so
address() { readelf -sW lib.so | awk -v n="$1" '$8 == n { print $2; exit }'; }
readelf -dW lib.so | grep -qi "0x000000006000000e .*0x$(address table | sed 's/^0*//')"
readelf -lW lib.so | grep -i "LOOS+0xffffffc\|SUNWDTRACE" >segment
grep -q "0x$(address dtrace_data)" segment
grep -q '0x000000 0x000040 RWE' segment
${LD%% *} --verify-load=illumos lib.so
refused() { must_fail $LD -G m.o -o no.so $1 2>said; grep -qF -e "$2" said || { cat said; exit 1; }; }
refused '-z rtldinfo=nobody' '-z rtldinfo=nobody: no object of this link defines the symbol'
refused '-z dtrace=nobody' '-z dtrace=nobody: no object'
refused '-z dtrace=table' '-z dtrace=table: the symbol has 8 bytes, the kernel wants 64'
refused '-z aslr=perhaps' "error: -z: aslr: 'perhaps' is not one of enabled, disabled"
refused '-z symbolcap' 'symbolcap: families of symbols by capability'
refused '-S libmake.so' '-S: support libraries are called by'
refused '-D tokens' "-D: 'tokens' is not one of files, libs, detail"
# What is traced are the files.
$LD -G m.o -D files,detail -o lib.so >said 2>&1
grep -qx 'm.o' said
# -z nodefs is about the libraries of the link too.
printf '.globl get\n.text\nget: call nobody@PLT\n' >get.s
$CC -c get.s
$LD -G get.o -o libget.so
printf '.globl _start\n.text\n_start: call get\n' >start.s
$CC -c start.s
must_fail $LD -Qy start.o libget.so -o prog 2>said
grep -q 'undefined symbol: nobody' said
$LD -Qy -z nodefs start.o libget.so -o prog
