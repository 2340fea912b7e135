//@ shared: libv.so a.o b.o
//@ link: most_constraining_visibility_of_all_files_wins.o libv.so
//@ expect libv.so: no dynsym f
int main(void) { return 0; }
//@ file: a.c -fPIC
int f(void) { return 1; }
//@ file: b.c -fPIC
extern int f(void) __attribute__((visibility("hidden")));
int g(void) { return f(); }
