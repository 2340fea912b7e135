//@ ar: libx.a f.o
//@ link: libx.a archive_before_its_user_is_remembered.o
//@ ref: lld
//@ allow: segments notes sections dynsym* symtab* dynamic*
int f(void);
int main(void) { return f(); }
//@ file: f.c
int f(void) { return 0; }
