//@ sh: ar rcs libempty.a
//@ link: empty_archive_is_fine.o libempty.a
int main(void) { return 0; }
