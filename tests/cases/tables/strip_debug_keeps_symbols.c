//@ args: -Wl,-S
//@ cflags: -g
//@ expect: section .symtab
//@ expect: no section .debug_info
//@ expect: no section .debug_str
//@ expect: symbol main
int main(void) { return 0; }
