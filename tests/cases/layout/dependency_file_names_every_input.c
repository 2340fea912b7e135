//@ args: -Wl,--dependency-file=deps -Wl,--version-script=names.map
//@ after: grep -q '^out: ' deps && grep -q 'dependency_file_names_every_input.o' deps
//@ after: [ "${LD##*/}" != ld.wcc ] || grep -q 'names\.map' deps
int main(void) { return 0; }
//@ file: names.map
{ global: main; local: *; };
