echo 'void _start(void) {}' > m.c
$CC -c m.c
$LD -m elf_x86_64_sol2 m.o -o plain; readelf -lW plain > said; must_fail grep -i stack said
$LD -m elf_x86_64_sol2 -z execstack m.o -o prog; readelf -lW prog | grep -q 'LOOS+0x*ffffffb .* RWE'
$LD -m elf_x86_64_sol2 -z noexecstack m.o -o prog; readelf -lW prog | grep -q 'LOOS+0x*ffffffb .* RW '
