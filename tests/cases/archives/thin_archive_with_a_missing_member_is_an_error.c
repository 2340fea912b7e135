//@ sh: ar rcsT libthin.a f.o && rm f.o
//@ link: thin_archive_with_a_missing_member_is_an_error.o libthin.a
//@ fail: f.o
int f(void);
int main(void) { return f(); }
//@ file: f.c
int f(void) { return 6; }
