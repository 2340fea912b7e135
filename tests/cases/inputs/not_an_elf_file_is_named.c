//@ link: not_an_elf_file_is_named.o junk.o
//@ fail: junk.o
int main(void) { return 0; }
//@ file: junk.o
this is not an object, nor a linker script {{{
