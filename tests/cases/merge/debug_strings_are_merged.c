//@ cflags: -g
//@ expect: section .debug_str flags MS
//@ expect: section .debug_info
int main(void) { return 0; }
//@ file: b.c
int other_function_with_a_name(void) { return 0; }
