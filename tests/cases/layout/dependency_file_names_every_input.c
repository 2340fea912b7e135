//@ args: -Wl,--dependency-file=deps
//@ after: grep -q '^out: ' deps && grep -q 'dependency_file_names_every_input.o' deps
int main(void) { return 0; }
