cat >a.s <<'X'
.globl hidden_one, unique_one, protected_one
.hidden hidden_one
.protected protected_one
.type unique_one, @gnu_unique_object
.weak weak_one, weak_undefined, both
.symver v1, versioned@V1
.symver v2, versioned@@V2
.text
hidden_one: ret
protected_one: ret
weak_one: .weak weak_one
v1: ret
.globl v1, v2
v2: ret
.data
unique_one: .quad weak_undefined, both
.section .note.GNU-stack,"",@progbits
X
cat >b.s <<'X'
.globl both, weak_one
.hidden both
weak_one: .quad both
.set absolute, 77
.globl absolute
.type resolved, @gnu_indirect_function
.globl resolved
resolved: ret
.section .note.GNU-stack,"x",@progbits
X
as a.s -o a.o
as b.s -o b.o
"$LD" -r a.o b.o -u wanted --defsym near=hidden_one+1 --defsym five=5 -o ab.o
readelf -sW ab.o >log
has() { grep -Eq "$1" log || { echo "no: $1"; exit 1; }; }
has 'GLOBAL HIDDEN +[0-9]+ hidden_one$'
has 'GLOBAL PROTECTED +[0-9]+ protected_one$'
has 'UNIQUE DEFAULT +[0-9]+ unique_one$'
has 'WEAK +DEFAULT +UND weak_undefined$'
has 'GLOBAL HIDDEN +UND both$'
has 'GLOBAL DEFAULT +[0-9]+ weak_one$'
has 'versioned@V1$'
has 'versioned@@V2$'
has '000000000000004d +0 NOTYPE +GLOBAL DEFAULT +ABS absolute$'
has 'IFUNC +GLOBAL DEFAULT +[0-9]+ resolved$'
has 'GLOBAL DEFAULT +UND wanted$'
has '0000000000000001 +0 NOTYPE +GLOBAL DEFAULT +[0-9]+ near$'
has '0000000000000005 +0 NOTYPE +GLOBAL DEFAULT +ABS five$'
readelf -hW ab.o >header
grep -q 'OS/ABI: *UNIX - GNU' header
grep -q 'Type: *REL ' header
grep -q 'Number of program headers: *0$' header
readelf -SW ab.o | grep '\.note\.GNU-stack .* X ' >/dev/null
