//@ args: -Wl,-Map=map
//@ after: [ "${LD##*/}" = ld.wcc ] || exit 0; grep -q '\.text' map && grep -q 'main' map && grep -q 'map_file_lists_sections_symbols_and_files.o' map
int main(void) { return 0; }
