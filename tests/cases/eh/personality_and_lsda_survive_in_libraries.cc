//@ args: -shared
//@ cflags: -fPIC
//@ no-run:
//@ expect: section .gcc_except_table
//@ expect: fde _Z5guardPFvvE
int guard(void (*f)()) {
    try { f(); } catch (...) { return 1; }
    return 0;
}
