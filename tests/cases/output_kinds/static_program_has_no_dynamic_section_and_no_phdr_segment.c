//@ args: -static
//@ cflags: -fno-pie
//@ expect: type EXEC
//@ expect: no segment PHDR
//@ expect: no segment INTERP
//@ expect: no segment DYNAMIC
//@ expect: no section .dynsym
int main(void) { return 0; }
