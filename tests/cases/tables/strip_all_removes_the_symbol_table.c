//@ args: -s
//@ cflags: -g
//@ expect: no section .symtab
//@ expect: no section .strtab
//@ expect: no section .debug_info
int main(void) { return 0; }
