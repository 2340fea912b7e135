//@ args: -Wl,-t
//@ says: trace_lists_the_files_that_are_linked.o
//@ says: libc.so.6
int main(void) { return 0; }
