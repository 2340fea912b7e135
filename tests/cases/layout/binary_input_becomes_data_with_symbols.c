//@ link: binary_input_becomes_data_with_symbols.o -Wl,-b,binary text.bin -Wl,-b,elf64-x86-64
//@ out: some bytes
//@ allow: stack
#include <stdio.h>
extern const char _binary_text_bin_start[], _binary_text_bin_end[];
int main(void) {
    printf("%.*s\n", (int)(_binary_text_bin_end - _binary_text_bin_start) - 1, _binary_text_bin_start);
    return 0;
}
//@ file: text.bin
some bytes
