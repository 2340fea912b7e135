//@ link: missing_file_is_named.o not_there.o
//@ fail: not_there.o
int main(void) { return 0; }
