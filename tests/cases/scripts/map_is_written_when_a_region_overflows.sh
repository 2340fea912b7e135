echo 'char big[4096] = {1}; void _start(void) {}' >a.c
$CC -c -fno-pie a.c
printf 'MEMORY { RAM : ORIGIN = 0x1000, LENGTH = 1K }\nSECTIONS { .text : { *(.text*) } >RAM .data : { *(.data*) } >RAM /DISCARD/ : { *(.note*) *(.eh_frame*) } }\n' >t.ld
must_fail "$LD" -T t.ld a.o -Map=map -o out 2>said
grep -q 'overflowed by' said
[ ! -e out ]
# Who wants to know what fills the region looks there.
grep -q '^ \.data  *0x[0-9a-f]*  *0x1000 a\.o$' map
