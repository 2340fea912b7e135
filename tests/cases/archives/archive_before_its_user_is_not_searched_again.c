//@ ar: libx.a f.o
//@ link: libx.a archive_before_its_user_is_not_searched_again.o
//@ fail: f
int f(void);
int main(void) { return f(); }
//@ file: f.c
int f(void) { return 0; }
